# ruff: noqa: RUF001 (words in Cyrillic)
"""The words for people, and for what else is counted of them, in three languages."""

#: A pattern of words for people, each of whom counts as one.
PEOPLE = (
    r"people|persons?|individuals?|refugees?|asylum[- ]seekers?|women|woman|men|man|girls?|boys?|"
    r"child(?:ren)?|returnees?|internally displaced|IDPs?|"
    r"человека?|людей|люди|лиц(?:а|о)?|беженц\w*|беженок|женщин\w*|"
    r"мужчин\w*|детей|дети|реб[её]н\w+|девоч\w+|мальчик\w*|апатрид\w*|выходц\w+|адам\w*|босқын\w*|бала\w*|"
    r"әйел\w*|ерлер\w*|қыздар\w*|ұлдар\w*"
)
#: A pattern of words for several people at a time.
SEVERAL = r"households?|families|family|cases?|семей|семьи|семья|домохозяйств\w*|отбасы\w*"

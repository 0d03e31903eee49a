# Kazakhstan in R: from the first line to a chart, a table of what official statistics say, and a
# citation. It needs no package. A server is at http://127.0.0.1:8000 after `make serve`; another
# address goes into the variable KZGRAPH.
#
#   Rscript kazakhstan.R

server <- Sys.getenv("KZGRAPH", "http://127.0.0.1:8000")

# A table with filters: kzgraph_table("figures", country = "KAZ", group = "STA"). Codes are in the
# table "codes". What is no filter, or no code, is refused; the address says why in a browser.
kzgraph_table <- function(name, ...) {
  filters <- list(...)
  values <- vapply(filters, function(each) paste(each, collapse = ","), "")
  pairs <- paste0(names(values), "=", vapply(values, URLencode, "", reserved = TRUE))
  address <- paste0(server, "/tables/", name, ".csv?", paste(pairs, collapse = "&"))
  file <- tempfile(fileext = ".csv")
  on.exit(unlink(file))
  tryCatch(
    download.file(address, file, quiet = TRUE, mode = "wb"),
    error = function(problem) stop("refused; for the reason open ", address, call. = FALSE),
    warning = function(problem) stop("refused; for the reason open ", address, call. = FALSE)
  )
  # Codes such as NA are texts; only an empty cell is a missing value.
  read.csv(file, encoding = "UTF-8", na.strings = "", stringsAsFactors = FALSE)
}

# --- What documents state: one figure a row, with its scope and its status.

figures <- kzgraph_table("figures", country = "KAZ", group = "STA", quantity = "stock")
print(figures[c("scope", "year", "status", "value", "hedge", "document")])

chosen <- figures[figures$chosen == "true", ]

# --- What official statistics publish: cells, of which those with `headline` may be added up.

official <- kzgraph_table(
  "official", country = "KAZ", group = "STA", quantity = "stock", headline = "true"
)
by_year <- aggregate(value ~ year, official, sum)
print(by_year)

# --- Both in one picture. A line joins official statistics alone; the marks of documents differ by
# what they are: a count, a hedged count, or what had not happened yet.

drawn <- figures[!is.na(figures$year) & !is.na(figures$value), ]
foreseen <- drawn$status != "actual"
marks <- ifelse(foreseen, 5, ifelse(drawn$bound == "exact", 19, 1))
picture <- Sys.getenv("KZGRAPH_PICTURE", "kazakhstan.pdf")
pdf(picture, width = 9, height = 6)
par(mar = c(8, 5, 1, 1))
plot(
  by_year$year, by_year$value, type = "b", lty = 3, pch = 15,
  ylim = c(0, max(by_year$value, drawn$value)), xlab = "", ylab = "Stateless persons, Kazakhstan"
)
points(drawn$year, drawn$value, pch = marks, cex = 1.4)
legend(
  "bottomleft", c("official statistics", "exact", "hedged", "forecast, target or plan"),
  pch = c(15, 19, 1, 5), bty = "n"
)
documents <- kzgraph_table("documents", document = unique(drawn$document))
sources <- c(documents$citation, unique(official$dataset_name))
mtext(
  paste(strwrap(paste("Sources:", paste(sources, collapse = "; ")), 130), collapse = "\n"),
  side = 1, line = 6, adj = 0, cex = 0.7
)
invisible(dev.off())

# --- Does the official number agree? A figure stands in as many rows as it has cells.

concordance <- kzgraph_table(
  "concordance", scope = "operation/kazakhstan-regional-office", year = 2018, quantity = "stock"
)
print(concordance[c("label", "value", "explanation_name", "confidence", "difference",
                    "cell_country", "cell_value")])

# --- How to cite it: in words, and as BibTeX.

print(chosen$citation)
path <- sub("https://w3id.org/kzgraph/id/", "", chosen$figure[1], fixed = TRUE)
writeLines(readLines(paste0(server, "/cite/", path, ".bib"), encoding = "UTF-8"))

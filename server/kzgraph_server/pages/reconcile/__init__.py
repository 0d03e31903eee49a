"""`/reconcile`: names of somebody's table matched with things, by a protocol of the web.

The Reconciliation Service API 0.2: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

# Vehicles of a time by approach: Rscript flows.R SERVER SITE FROM TO, the token in TRAFFICFLOW_TOKEN.
library(jsonlite)
args <- commandArgs(TRUE)
headers <- c(Authorization = paste("Bearer", Sys.getenv("TRAFFICFLOW_TOKEN")))
ask <- function(path, more = NULL) url(paste0(args[1], path), open = "r", headers = c(headers, more), method = "libcurl")
encoded <- function(text) URLencode(text, reserved = TRUE)

base <- paste0("/v1/sites/", args[2], "/flows?bin=60&movement=entering&from=", encoded(args[3]), "&to=", encoded(args[4]))
rows <- data.frame()
cursor <- ""
while (!is.null(cursor)) {
  connection <- ask(paste0(base, if (nchar(cursor)) paste0("&cursor=", cursor)))
  page <- fromJSON(paste(readLines(connection, warn = FALSE), collapse = ""))
  close(connection)
  rows <- rbind(rows, page$items[, c("approach", "count")])
  cursor <- page[["next"]]
}
# NA is missing, 0 is watched and empty.
counts <- tapply(rows$count, rows$approach, function(n) if (all(is.na(n))) NA else sum(n, na.rm = TRUE))
for (approach in sort(names(counts))) if (!is.na(counts[approach])) cat(approach, counts[approach], "\n")

# The expected values of tests/unit/compare_test.c, by R's own statistics, as C tables.
# Rerun: see README.md in this folder.

c_number <- function(x) ifelse(is.na(x), "NAN", sprintf("%.17g", x))
row <- function(...) cat("    {", paste(c(...), collapse = ", "), "},\n", sep = "")

# p of "the same rate as the rest": prop.test without continuity correction, or Fisher's exact test
# where an expected count is under 5; none under 30 people or without a rest.
test_p <- function(x, n, rest_x, rest_n) {
    if (n < 30 || rest_n == 0) return(NA)
    k <- x + rest_x
    if (k == 0 || k == n + rest_n) return(1)
    least <- min(outer(c(n, rest_n), c(k, n + rest_n - k)) / (n + rest_n))
    if (least < 5)
        fisher.test(matrix(c(x, n - x, rest_x, rest_n - rest_x), 2), conf.int = FALSE)$p.value
    else
        suppressWarnings(prop.test(c(x, rest_x), c(n, rest_n), correct = FALSE)$p.value)
}
flag_of <- function(n, q, own, rest)
    ifelse(n < 30, "FLAG_SMALL",
           ifelse(is.na(q) | q > 0.05, "FLAG_NONE", ifelse(own > rest, "FLAG_HIGH", "FLAG_LOW")))
rest_of <- function(x) sum(x) - x

# People at the steps of two funnels, of places 0 to 5. Advanced is what is left over.
steps <- rbind(
    data.frame(funnel = 0, step = 0, place = 0:5, entered = c(40, 1000, 600, 31, 29, 30),
               dropped = c(10, 500, 360, 30, 29, 1), open = c(0, 3, 0, 1, 0, 0)),
    data.frame(funnel = 0, step = 1, place = 0:5, entered = c(30, 497, 240, 0, 0, 29),
               dropped = c(30, 100, 80, 0, 0, 2), open = c(0, 10, 5, 0, 0, 0)),
    data.frame(funnel = 1, step = 0, place = 0:5, entered = c(35, 900, 500, 33, 2, 40),
               dropped = c(0, 450, 250, 0, 1, 38), open = c(0, 0, 0, 33, 1, 0)))
steps$n <- steps$entered - steps$open
at <- paste(steps$funnel, steps$step)
steps$rest_x <- ave(steps$dropped, at, FUN = rest_of)
steps$rest_n <- ave(steps$n, at, FUN = rest_of)
steps$own <- ifelse(steps$n > 0, steps$dropped / steps$n, NA)
steps$rest <- ifelse(steps$n > 0 & steps$rest_n > 0, steps$rest_x / steps$rest_n, NA)
steps$p <- mapply(test_p, steps$dropped, steps$n, steps$rest_x, steps$rest_n)
steps$q <- p.adjust(steps$p, "BH")
steps$flag <- flag_of(steps$n, steps$q, steps$own, steps$rest)

cat("/* Written by tests/oracle/compare.R with R ", as.character(getRversion()), ". */\n\n", sep = "")
cat("/* funnel, step, place; entered, dropped, open; rate, its interval, the rest's rate, excess, p,",
    " q, flag */\n", sep = "")
cat("static const struct step_row step_rows[] = {\n")
for (i in seq_len(nrow(steps))) {
    s <- steps[i, ]
    ci <- if (s$n > 0) suppressWarnings(prop.test(s$dropped, s$n, correct = FALSE)$conf.int) else c(NA, NA)
    row(s$funnel, s$step, s$place, s$entered, s$dropped, s$open, c_number(s$own), c_number(ci[1]),
        c_number(ci[2]), c_number(s$rest), c_number(s$dropped - s$n * s$rest), c_number(s$p),
        c_number(s$q), s$flag)
}
cat("};\n\n")

# Visits of the places, and how many of them reached each of two touchpoints.
visits <- c(40, 1000, 600, 31, 29, 30)
touches <- rbind(data.frame(touchpoint = 0, place = 0:5, visits = c(4, 100, 120, 0, 29, 3)),
                 data.frame(touchpoint = 1, place = 0:5, visits = c(0, 3, 0, 0, 0, 0)))
touches$n <- rep(visits, 2)
touches$rest_x <- ave(touches$visits, touches$touchpoint, FUN = rest_of)
touches$rest_n <- rep(rest_of(visits), 2)
touches$own <- touches$visits / touches$n
touches$rest <- touches$rest_x / touches$rest_n
touches$q <- p.adjust(mapply(test_p, touches$visits, touches$n, touches$rest_x, touches$rest_n), "BH")
touches$flag <- flag_of(touches$n, touches$q, touches$own, touches$rest)

cat("/* touchpoint, place; all visits, those with it; rate, the rest's rate, q, flag */\n")
cat("static const struct touch_row touch_rows[] = {\n")
for (i in seq_len(nrow(touches))) {
    t <- touches[i, ]
    row(t$touchpoint, t$place, t$n, t$visits, c_number(t$own), c_number(t$rest), c_number(t$q), t$flag)
}
cat("};\n")

# The expected values of tests/unit/stats_test.c, by R's own statistics, as C tables.
# Rerun: see README.md in this folder.

c_number <- function(x) sprintf("%.17g", x)
row <- function(...) cat("    {", paste(c(...), collapse = ", "), "},\n", sep = "")
whole <- function(x) format(x, scientific = FALSE, trim = TRUE)

cat("/* Written by tests/oracle/stats.R with R ", as.character(getRversion()), ". */\n\n", sep = "")

# Wilson's interval is what prop.test gives for one sample without continuity correction.
cat("static const struct wilson_row wilson_rows[] = {\n")
for (case in list(c(0, 1), c(1, 1), c(0, 10), c(1, 10), c(5, 10), c(10, 10), c(1, 30), c(81, 263),
                  c(15, 148), c(0, 100000), c(99999, 100000), c(3, 10000000),
                  c(1234567, 9876543))) {
    ci <- suppressWarnings(prop.test(case[1], case[2], correct = FALSE)$conf.int)
    row(whole(case[1]), whole(case[2]), c_number(ci[1]), c_number(ci[2]))
}
cat("};\n\n")

z_test <- function(x1, n1, x2, n2)
    suppressWarnings(prop.test(c(x1, x2), c(n1, n2), correct = FALSE)$p.value)
fisher <- function(x1, n1, x2, n2)
    fisher.test(matrix(c(x1, n1 - x1, x2, n2 - x2), 2), conf.int = FALSE)$p.value
least_expected <- function(x1, n1, x2, n2) {
    k <- x1 + x2
    n <- n1 + n2
    min(outer(c(n1, n2), c(k, n - k)) / n)
}

cat("static const struct two_row two_rows[] = {\n")
for (case in list(c(3, 10, 7, 10), c(1, 9, 11, 14), c(0, 5, 5, 5), c(1, 5, 4, 5), c(2, 4, 2, 4),
                  c(10, 20, 12, 31), c(15, 30, 15, 30), c(412, 1000, 1435, 5000), c(1, 24, 5, 25),
                  c(0, 3, 9000, 100000), c(3, 3, 9000, 100000), c(1, 40, 3, 100000),
                  c(2, 1000000, 18, 9000000), c(9, 1000000, 11, 9000000),
                  c(0, 1000000, 30, 9000000), c(4, 8, 5000000, 9999992),
                  c(8, 8, 5000000, 9999992), c(250300, 500000, 249700, 500000),
                  c(251000, 500000, 249000, 500000), c(30, 40, 12, 70), c(99, 100, 90, 100),
                  c(7, 12, 7, 12))) {
    x1 <- case[1]; n1 <- case[2]; x2 <- case[3]; n2 <- case[4]
    row(whole(x1), whole(n1), whole(x2), whole(n2), c_number(z_test(x1, n1, x2, n2)),
        c_number(fisher(x1, n1, x2, n2)),
        if (least_expected(x1, n1, x2, n2) < 5) "true" else "false")
}
cat("};\n\n")

p <- c(0.01, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.81, 1, 0, 0.013, 2e-10, 0.049)
cat("static const double bh_p[] = {", paste(c_number(p), collapse = ", "), "};\n", sep = "")
cat("static const double bh_q[] = {", paste(c_number(p.adjust(p, "BH")), collapse = ", "),
    "};\n\n", sep = "")

values <- sort(c(-7, 0, 3, 3, 10, 11, 250, 100000, 4000000000))
cat("static const int64_t quantile_values[] = {", paste(whole(values), collapse = ", "), "};\n",
    sep = "")
cat("static const struct quantile_row quantile_rows[] = {\n")
for (size in c(1, 2, 5, 8, 9))
    for (at in c(0, 0.1, 0.25, 0.5, 0.9, 0.95, 1))
        row(size, c_number(at), c_number(quantile(values[1:size], at, type = 7, names = FALSE)))
cat("};\n\n")

# The moments estimator of a beta prior, vectorised from its textbook form: the intra-group
# correlation of weighted rates (Kleinman 1973).
prior <- function(x, n) {
    keep <- n > 0
    x <- x[keep]; n <- n[keep]
    mu <- weighted.mean(x / n, n)
    k <- length(n) / sum(n)
    s2 <- weighted.mean((x / n - mu)^2, n)
    rho <- (s2 - mu * (1 - mu) * k) / (mu * (1 - mu) * (1 - k))
    m <- 1 / rho - 1
    c(mu, mu * m, (1 - mu) * m)
}
cat("static const struct prior_row prior_rows[] = {\n")
for (case in list(list(x = c(12, 40, 3, 9), n = c(40, 90, 31, 12)),
                  list(x = c(0, 100, 50, 7, 1), n = c(50, 110, 400, 9, 1)),
                  list(x = c(5, 0, 90, 33), n = c(30, 0, 200, 100)),
                  list(x = c(1000, 52000, 800), n = c(4000, 190000, 2000)))) {
    fit <- prior(case$x, case$n)
    row(length(case$x), paste0("{", paste(whole(case$x), collapse = ", "), "}"),
        paste0("{", paste(whole(case$n), collapse = ", "), "}"), c_number(fit[1]),
        c_number(fit[2]), c_number(fit[3]))
}
cat("};\n")

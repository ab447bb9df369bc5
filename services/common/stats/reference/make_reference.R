# Writes expected.txt: the values that the tests of this folder hold, computed by R and not by our code.
# Run: Rscript make_reference.R > expected.txt
# Debian: r-base-core, r-cran-psych, r-cran-effectsize, r-cran-vcd, r-cran-coin, r-cran-survey, r-cran-sandwich
# Where R has no function for a measure, it is computed here in the plainest way (loops over pairs), as a second route.
options(digits = 15)
suppressMessages(library(effectsize))
show <- function(name, ...) cat(name, ":", format(c(...), digits = 15, trim = TRUE), "\n")

cat("# R", as.character(getRversion()), "psych", as.character(packageVersion("psych")),
    "effectsize", as.character(packageVersion("effectsize")), "\n")

x <- c(2.1, 3.4, 3.4, 5.9, 7.7, 8.0, 12.5, 30.2)
show("describe n mean sd var se", length(x), mean(x), sd(x), var(x), sd(x) / sqrt(length(x)))
show("quantile7 x 0 .1 .25 .5 .75 .9 1", quantile(x, c(0, .1, .25, .5, .75, .9, 1), type = 7))
show("quantile7 1:10 .25 .5 .75", quantile(1:10, c(.25, .5, .75)))
show("large offset var", var(1e9 + c(4, 7, 13, 16)))
ti <- t.test(x, conf.level = .95); show("t interval x 95", ti$conf.int)
show("t interval x 90", t.test(x, conf.level = .90)$conf.int)

show("qnorm .975 .995 1e-10", qnorm(c(.975, .995, 1e-10)))
show("qt .975 df 1 7 17.7764735161785 1e6", qt(.975, c(1, 7, 17.7764735161785, 1e6)))
show("pt -2.5 df 7.5", pt(-2.5, 7.5))
show("pnorm -8", pnorm(-8))
show("pchisq upper 29.26658 4; 0.7714286 2; 200 3", pchisq(29.26658, 4, lower = FALSE),
     pchisq(0.7714286, 2, lower = FALSE), pchisq(200, 3, lower = FALSE))

for (case in list(c(11, 18), c(0, 3), c(3, 3), c(98, 106), c(1, 1000)))
  show(paste("wilson", case[1], case[2]),
       suppressWarnings(prop.test(case[1], case[2], correct = FALSE)$conf.int))
show("wilson 11 18 at 99", suppressWarnings(prop.test(11, 18, correct = FALSE, conf.level = .99)$conf.int))
newcombe <- function(x1, n1, x2, n2, conf = .95) {
  w1 <- suppressWarnings(prop.test(x1, n1, correct = FALSE, conf.level = conf)$conf.int)
  w2 <- suppressWarnings(prop.test(x2, n2, correct = FALSE, conf.level = conf)$conf.int)
  d <- x1 / n1 - x2 / n2
  c(d, d - sqrt((x1 / n1 - w1[1])^2 + (w2[2] - x2 / n2)^2), d + sqrt((w1[2] - x1 / n1)^2 + (x2 / n2 - w2[1])^2))
}
show("newcombe 56/70 48/80", newcombe(56, 70, 48, 80))
show("newcombe 9/10 3/10", newcombe(9, 10, 3, 10))
show("newcombe 5/56 0/29", newcombe(5, 56, 0, 29))
show("newcombe 11/18 8/28", newcombe(11, 18, 8, 28))

k <- kruskal.test(Ozone ~ Month, data = airquality); show("kruskal airquality", k$statistic, k$parameter, k$p.value)
k <- kruskal.test(count ~ spray, data = InsectSprays); show("kruskal InsectSprays", k$statistic, k$parameter, k$p.value)
hw <- list(c(2.9, 3.0, 2.5, 2.6, 3.2), c(3.8, 2.7, 4.0, 2.4), c(2.8, 3.4, 3.7, 2.2, 2.0))
k <- kruskal.test(hw); show("kruskal Hollander Wolfe", k$statistic, k$parameter, k$p.value)
cat("InsectSprays counts", paste(tapply(InsectSprays$count, InsectSprays$spray, paste, collapse = ","), collapse = " | "), "\n")

depression <- list(a = c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30),
                   b = c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29))
mw <- function(name, a, b) {
  w <- suppressWarnings(wilcox.test(a, b, exact = FALSE, correct = TRUE)); show(name, w$statistic, w$p.value)
}
mw("mann-whitney depression scale", depression$a, depression$b)
mw("mann-whitney sleep", sleep$extra[1:10], sleep$extra[11:20])
rating_a <- rep(1:5, c(0, 1, 7, 6, 1)); rating_b <- rep(1:5, c(0, 8, 6, 1, 0))
mw("mann-whitney ratings", rating_a, rating_b)
mw("mann-whitney equal centre", c(1, 4), c(2, 3))

t <- t.test(extra ~ group, data = sleep)
show("welch sleep t df p lower upper se", t$statistic, t$parameter, t$p.value, t$conf.int, t$stderr)
t <- t.test(rating_a, rating_b)
show("welch ratings", t$statistic, t$parameter, t$p.value, t$conf.int, t$stderr)

cliff <- function(a, b, quantile) {
  dm <- sign(outer(a, b, "-")); m <- length(a); n <- length(b); d <- mean(dm)
  v <- (n^2 * sum((rowMeans(dm) - d)^2) + m^2 * sum((colMeans(dm) - d)^2) - sum((dm - d)^2)) /
    (m * n * (m - 1) * (n - 1))
  v <- max(v, (1 - d^2) / (m * n - 1)); s <- sqrt(v)
  r <- quantile * s * sqrt((1 - d^2)^2 + quantile^2 * v)
  c(d, s, (d - d^3 - r) / (1 - d^2 + quantile^2 * v), (d - d^3 + r) / (1 - d^2 + quantile^2 * v))
}
treatment <- c(10, 10, 20, 20, 20, 30, 30, 30, 40, 50); control <- c(10, 20, 30, 40, 40, 50)
# Published for these data (effsize, cliff.delta): -0.25, -0.7265846 to 0.3890062 on t with 14 degrees of freedom.
show("cliff treatment on t", cliff(treatment, control, qt(.975, 14)))
show("cliff treatment on normal", cliff(treatment, control, qnorm(.975)))
show("cliff ratings", cliff(rating_a, rating_b, qnorm(.975)))
show("cliff effectsize estimate ratings", cliffs_delta(rating_a, rating_b)$r_rank_biserial)

hedges <- function(a, b) {
  m <- length(a); n <- length(b); df <- m + n - 2
  d <- (mean(a) - mean(b)) / sqrt(((m - 1) * var(a) + (n - 1) * var(b)) / df)
  j <- gamma(df / 2) / (sqrt(df / 2) * gamma((df - 1) / 2))
  se <- j * sqrt((m + n) / (m * n) + d^2 / (2 * (m + n)))
  c(j * d, se, j * d - qnorm(.975) * se, j * d + qnorm(.975) * se)
}
show("hedges ratings", hedges(rating_a, rating_b))
show("hedges sleep", hedges(sleep$extra[1:10], sleep$extra[11:20]))
show("hedges effectsize estimate ratings", hedges_g(rating_a, rating_b)$Hedges_g)
show("hedges effectsize estimate sleep", hedges_g(sleep$extra[1:10], sleep$extra[11:20])$Hedges_g)

table3 <- matrix(c(0, 0, 0, 4, 8, 1, 1, 0, 5), 3)
w <- outer(1:3, 1:3, function(i, j) 1 - abs(i - j) / 2)
kappa <- psych::cohen.kappa(table3, w = w)
show("cohen kappa, var", kappa$kappa, kappa$var.kappa)
show("cohen linear kappa, var", kappa$weighted.kappa, kappa$var.weighted)
quadratic <- psych::cohen.kappa(table3)
show("cohen quadratic kappa, var", quadratic$weighted.kappa, quadratic$var.weighted)

# Gwet AC2 and Brennan-Prediger with quadratic weights, by loops over ordered pairs of coders, missing allowed.
raw <- rbind(c(1,1,NA,1), c(2,2,3,2), c(3,3,3,3), c(3,3,3,3), c(2,2,2,2), c(1,2,3,4), c(4,4,4,4), c(1,1,2,1),
             c(2,2,2,2), c(NA,5,5,5), c(NA,NA,1,1), c(NA,NA,3,NA))
pairs <- function(ratings, weight, q) {
  per_unit <- apply(ratings, 1, function(r) {
    r <- r[!is.na(r)]; if (length(r) < 2) return(NA)
    total <- 0
    for (i in seq_along(r)) for (j in seq_along(r)) if (i != j) total <- total + weight[r[i], r[j]]
    total / (length(r) * (length(r) - 1))
  })
  share <- rowMeans(apply(ratings, 1, function(r) { r <- r[!is.na(r)]; tabulate(r, q) / length(r) }))
  pa <- mean(per_unit, na.rm = TRUE); total <- sum(weight)
  ac <- total / (q * (q - 1)) * sum(share * (1 - share)); bp <- total / q^2
  c(pa, (pa - ac) / (1 - ac), (pa - bp) / (1 - bp))
}
show("raw4 unweighted pa ac1 bp", pairs(raw, diag(5), 5))
show("raw4 quadratic pa ac2 bp", pairs(raw, outer(1:5, 1:5, function(i, j) 1 - (i - j)^2 / 16), 5))

# Krippendorff's alpha by the plainest route: disagreement of every pair within units against every pair overall.
alpha <- function(ratings, level) {
  keep <- apply(ratings, 1, function(r) sum(!is.na(r)) > 1)
  ratings <- ratings[keep, ]; pool <- sort(ratings[!is.na(ratings)]); n <- length(pool)
  margin <- table(pool); values <- as.numeric(names(margin))
  delta <- function(a, b) {
    if (a == b) return(0)
    if (level == "nominal") return(1)
    if (level == "interval") return((a - b)^2)
    if (level == "ratio") return(((a - b) / (a + b))^2)
    lo <- min(a, b); hi <- max(a, b)
    (sum(margin[values >= lo & values <= hi]) - (margin[values == lo] + margin[values == hi]) / 2)^2
  }
  within <- sum(apply(ratings, 1, function(r) {
    r <- r[!is.na(r)]; s <- 0
    for (i in seq_along(r)) for (j in seq_along(r)) s <- s + delta(r[i], r[j])
    s / (length(r) - 1)
  })) / n
  between <- 0
  for (i in pool) for (j in pool) between <- between + delta(i, j)
  1 - within / (between / (n * (n - 1)))
}
for (level in c("nominal", "ordinal", "interval", "ratio")) show(paste("alpha C", level), alpha(raw, level))
fast <- cbind(c(NA,NA,NA,NA,NA,3,4,1,2,1,1,3,3,NA,3), c(1,NA,2,1,3,3,4,3,NA,NA,NA,NA,NA,NA,NA),
              c(NA,NA,2,1,3,4,4,NA,2,1,1,3,3,NA,4))
for (level in c("nominal", "ordinal", "interval", "ratio")) show(paste("alpha 3x15", level), alpha(fast, level))

# Cohen's kappa with the asymptotic standard error, by another package.
v <- vcd::Kappa(as.table(table3)); show("vcd kappa ASE linear ASE", v$Unweighted, v$Weighted)
v <- vcd::Kappa(as.table(table3), weights = "Fleiss-Cohen"); show("vcd quadratic kappa ASE", v$Weighted)

# Fleiss 1971: category kappas with the null standard error of Fleiss, Nee and Landis (1979).
fleiss <- rbind(c(0,0,0,6,0), c(0,3,0,0,3), c(0,1,4,0,1), c(0,0,0,0,6), c(0,3,0,3,0), c(2,0,4,0,0), c(0,0,4,0,2),
                c(2,0,3,1,0), c(2,0,0,4,0), c(0,0,0,0,6), c(1,0,0,5,0), c(1,1,0,4,0), c(0,3,3,0,0), c(1,0,0,5,0),
                c(0,2,0,3,1), c(0,0,5,0,1), c(3,0,0,1,2), c(5,1,0,0,0), c(0,2,0,4,0), c(1,0,2,0,3), c(0,0,0,0,6),
                c(0,1,0,5,0), c(0,2,0,1,3), c(2,0,0,4,0), c(1,0,0,4,1), c(0,5,0,1,0), c(4,0,0,0,2), c(0,2,0,4,0),
                c(1,0,5,0,0), c(0,0,0,0,6))
N <- nrow(fleiss); m <- 6; pj <- colSums(fleiss) / (N * m)
pjk <- (colSums(fleiss^2) - N * m * pj) / (N * m * (m - 1) * pj)
show("fleiss category kappas", (pjk - pj) / (1 - pj)); show("fleiss category z", (pjk - pj) / (1 - pj) / sqrt(2 / (N * m * (m - 1))))

# Standard error of nominal alpha, unit by unit: how 1 - D_o/D_e moves with each unit. Also with the overall agreement
# in the place of the mean that irrCAC 1.0 has there.
alpha_se <- function(ratings) {
  ratings <- ratings[rowSums(!is.na(ratings)) > 1, ]; r <- rowSums(!is.na(ratings)); n <- length(r)
  values <- sort(unique(as.vector(ratings[!is.na(ratings)])))
  counts <- t(apply(ratings, 1, function(x) sapply(values, function(v) sum(x == v, na.rm = TRUE))))
  agree <- rowSums(counts * (counts - 1)) / (r - 1); shares <- colSums(counts) / sum(r)
  pa <- sum(agree) / sum(r); pe <- sum(shares^2); one <- (pa - pe) / (1 - pe)
  of <- function(centre) {
    a <- agree / mean(r) - centre * (r - mean(r)) / mean(r)
    e <- drop(counts %*% shares) / mean(r) - pe * (r - mean(r)) / mean(r)
    psi <- (a - pe) / (1 - pe) - 2 * (1 - one) * (e - pe) / (1 - pe) - one
    sqrt(sum(psi^2) / (n * (n - 1)))
  }
  c(of(pa), of((1 - 1 / sum(r)) * pa + 1 / sum(r)))
}
show("alpha C nominal se, irrCAC 1.0 se", alpha_se(raw))

# BCa by hand, replicates 1..1000, estimate 450.5, delete-one values 0, 0, 3.
z0 <- qnorm(.45); a <- -6 / (6 * 6^1.5); z <- qnorm(c(.025, .975))
show("bca z0 a probabilities limits", z0, a, pnorm(z0 + (z0 + z) / (1 - a * (z0 + z))),
     quantile(1:1000, pnorm(z0 + (z0 + z) / (1 - a * (z0 + z))), type = 7))

# A share over clusters: three routes to the same standard error.
k <- c(3, 1, 2, 2, 1, 0, 1, 11, 8, 5); size <- c(3, 3, 4, 2, 5, 3, 7, 18, 28, 33)
unit <- data.frame(y = unlist(mapply(function(a, b) rep(1:0, c(a, b - a)), k, size)), cluster = rep(seq_along(k), size))
fit <- lm(y ~ 1, unit); v <- sandwich::vcovCL(fit, cluster = unit$cluster)
show("clustered share, sandwich se", coef(fit), sqrt(v))
options(survey.lonely.psu = "fail")
design <- survey::svydesign(ids = ~cluster, data = unit, weights = ~1)
s <- survey::svymean(~y, design, deff = "replace")
show("clustered share, survey se deff", coef(s), survey::SE(s), survey::deff(s))
p <- coef(fit); se <- sqrt(drop(v)); q <- qt(.975, length(k) - 1)
show("clustered t interval", p - q * se, p + q * se)
show("clustered logit interval", plogis(qlogis(p) - q * se / (p * (1 - p))), plogis(qlogis(p) + q * se / (p * (1 - p))))
anova <- anova(lm(y ~ factor(cluster), unit))
n0 <- (sum(size) - sum(size^2) / sum(size)) / (length(k) - 1); ms <- anova[["Mean Sq"]]
show("clustered icc", (ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2]))

# Exact rank tests. Without ties wilcox.test; with ties coin; Kruskal-Wallis by writing down every arrangement.
exact <- function(a, b) {
  d <- data.frame(y = c(a, b), g = factor(rep(1:2, c(length(a), length(b)))))
  sapply(c("two.sided", "less", "greater"), function(h)
    coin::pvalue(coin::wilcox_test(y ~ g, d, distribution = "exact", alternative = h)))
}
show("exact mann-whitney depression", exact(depression$a, depression$b))
show("exact mann-whitney sleep", exact(sleep$extra[1:10], sleep$extra[11:20]))
show("exact mann-whitney ratings", exact(rating_a, rating_b))
show("exact mann-whitney small ties", exact(c(1, 2, 2), c(2, 3, 3, 5, 5, 5)))
w <- wilcox.test(c(1.1, 2.2, 0.3, 5.5), c(3.3, 4.4, 6.6, 7.7, 9.9), exact = TRUE)
show("wilcox exact no ties", w$statistic, w$p.value)
every <- function(groups) {
  y <- rank(unlist(groups)); sizes <- lengths(groups); n <- length(y); observed <- 0; hits <- 0; all <- 0
  h <- function(g) sum(sapply(seq_along(sizes), function(i) sum(y[g == i])^2 / sizes[i]))
  observed <- h(rep(seq_along(sizes), sizes))
  deal <- function(g, i) {
    if (i > length(sizes)) { all <<- all + 1; if (h(g) >= observed - 1e-9) hits <<- hits + 1; return(invisible()) }
    free <- which(g == 0)
    for (pick in combn(length(free), sizes[i], simplify = FALSE)) { h2 <- g; h2[free[pick]] <- i; deal(h2, i + 1) }
  }
  deal(rep(0, n), 1); c(all, hits / all)
}
show("exact kruskal small", every(list(c(2.9, 3.0, 2.5), c(3.8, 2.7, 4.0), c(2.8, 3.4))))
show("exact kruskal ties", every(list(c(1, 1, 2), c(2, 3, 3), c(3, 4, 4))))
show("exact kruskal two groups", every(list(c(1, 2, 2), c(2, 3, 3, 5, 5, 5))))
groups <- data.frame(y = unlist(hw), g = rep(1:3, lengths(hw)))
both <- function(formula, data) c(rank_epsilon_squared(formula, data = data, ci = NULL)[[1]],
                                  rank_eta_squared(formula, data = data, ci = NULL)[[1]])
show("rank epsilon squared, eta squared Hollander Wolfe", both(y ~ g, groups))
show("rank epsilon squared, eta squared InsectSprays", both(count ~ spray, InsectSprays))

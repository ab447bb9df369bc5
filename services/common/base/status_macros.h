#ifndef PLUMBLINE_COMMON_BASE_STATUS_MACROS_H_
#define PLUMBLINE_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Debian's Abseil 20220623 has no status macros; these are the two we use.

// RETURN_IF_ERROR(expr): returns the status of `expr` from the enclosing function unless it is OK. `expr` may hold a
// lambda that uses these macros itself: every use has a variable of its own.
#define RETURN_IF_ERROR(expr) PLUMBLINE_RETURN_IF_ERROR_IMPL(PLUMBLINE_CONCAT(plumbline_status_, __COUNTER__), expr)

#define PLUMBLINE_RETURN_IF_ERROR_IMPL(tmp, expr) \
  do {                                            \
    if (absl::Status tmp = (expr); !tmp.ok()) {   \
      return tmp;                                 \
    }                                             \
  } while (false)

// ASSIGN_OR_RETURN(lhs, expr): evaluates a StatusOr; assigns its value to `lhs` (which may declare a variable)
// or returns its status. An `lhs` with a comma in it must stand in parentheses.
#define ASSIGN_OR_RETURN(lhs, expr) \
  PLUMBLINE_ASSIGN_OR_RETURN_IMPL(PLUMBLINE_CONCAT(plumbline_statusor_, __COUNTER__), lhs, expr)

#define PLUMBLINE_CONCAT_INNER(a, b) a##b
#define PLUMBLINE_CONCAT(a, b) PLUMBLINE_CONCAT_INNER(a, b)
#define PLUMBLINE_ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                                    \
  if (!tmp.ok()) return std::move(tmp).status();        \
  lhs = *std::move(tmp)

#endif  // PLUMBLINE_COMMON_BASE_STATUS_MACROS_H_

#ifndef PLUMBLINE_COMMON_SQL_NAMED_STATEMENT_H_
#define PLUMBLINE_COMMON_SQL_NAMED_STATEMENT_H_

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::sql {

// A statement in PostgreSQL's positional form.
struct NamedStatement {
  std::string text;                // ":name" became "$1"; a name that stands twice keeps its number
  std::vector<std::string> names;  // names[i] is parameter $i+1
};

// Leaves alone what only looks like a parameter: 'literals', "identifiers", -- comments and ::casts.
NamedStatement ParseNamed(std::string_view statement);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_NAMED_STATEMENT_H_

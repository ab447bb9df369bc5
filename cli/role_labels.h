#ifndef PLUMBLINE_CLI_ROLE_LABELS_H_
#define PLUMBLINE_CLI_ROLE_LABELS_H_

#include <string>
#include <utility>
#include <vector>

#include "coding/domain/roles.h"

namespace plumbline::cli {

// Which labels of `--role LABEL=ROLE` nobody has. The service's answers cannot tell: in them the names of speakers are
// replaced. So the files are read here as the service reads them.
class RoleLabels {
 public:
  explicit RoleLabels(const std::vector<std::string>& labels);
  // One file of talk, as its bytes; one that cannot be read has whatever labels one looks for, since nobody knows.
  void See(const std::string& content);
  // In the order they were given.
  std::vector<std::string> Unseen() const;

 private:
  struct Label {
    std::string label;
    coding::RoleMap map;  // of this label alone, so that labels are compared as an import compares them
    bool seen = false;
  };
  std::vector<Label> labels_;
};

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_ROLE_LABELS_H_

#ifndef PLUMBLINE_GATEWAY_REPORT_HTML_H_
#define PLUMBLINE_GATEWAY_REPORT_HTML_H_

#include <string>
#include <vector>

#include "plumbline/gateway/v1/reports.pb.h"

// Blocks that the sections of the page are made of. What goes in as a cell or a body is HTML already (escaped by its
// maker); titles and captions are plain text and escaped here.
namespace plumbline::gateway::report {

// A table with a caption. `columns` whose name starts with "#" hold figures and are set right-aligned. On a narrow
// screen a table of more than three columns becomes a list: each row under its heading, each cell beside its column's
// name. The roles in it keep it a table for those who have it read out.
class Table {
 public:
  Table(const std::string& caption, const std::vector<std::string>& columns);
  // As many cells as columns. `css_class` may be empty.
  void Row(const std::vector<std::string>& cells, const std::string& css_class = "");
  std::string Finish();

 private:
  std::vector<bool> figures_;
  std::vector<std::string> names_;  // of the columns, escaped
  bool stacks_ = false;
  std::string out_;
};

// A section with its heading, and a notice where its status says that something is missing.
std::string Section(const v1::Report& report, const std::string& id, const std::string& title, const std::string& body);
// A picture with its caption.
std::string Figure(const std::string& picture, const std::string& caption);
// Pictures and tables beside each other, under each other on a narrow screen.
std::string Beside(const std::string& left, const std::string& right);
// Marker and title of every arm.
std::string ArmLegend(const v1::Report& report);
std::string Paragraph(const std::string& html);
std::string Note(const std::string& text);
// The status of `section`, or nullptr when it was not asked for.
const v1::SectionStatus* FindStatus(const v1::Report& report, const std::string& section);

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_HTML_H_

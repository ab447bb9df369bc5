#ifndef PLUMBLINE_CLI_FEEDBACK_PAGE_H_
#define PLUMBLINE_CLI_FEEDBACK_PAGE_H_

#include <string>

#include "plumbline/coding/v1/studies.pb.h"

namespace plumbline::cli {

// The feedback sheet of one session as one HTML page that loads nothing from elsewhere: what a supervisor reads.
std::string FeedbackPage(const coding::v1::FeedbackSheet& sheet);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_FEEDBACK_PAGE_H_

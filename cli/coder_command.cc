// coder export, coder import: a coder's batch as a file, to be filled in offline.

#include <filesystem>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "cli/coding_flow.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "plumbline/coding/v1/coder.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kService[] = "plumbline.coding.v1.CoderService/";
constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";  // so that spreadsheets read the file as UTF-8

// The coder's own name for whoever calls, unless told otherwise: then the service answers as it would the coder.
CallOptions AsCoder(const Session& session, const CoderOptions& options) {
  CallOptions call = session.call;
  if (call.actor.empty()) call.actor = absl::StrCat("coders/", options.coder);
  return call;
}

absl::Status Export(const Session& session, const CoderOptions& options) {
  std::error_code ignored;
  if (options.file != "-" && !options.overwrite && std::filesystem::exists(options.file, ignored)) {
    return InvalidField("--out", options.file,
                        "is there already and may hold answers: name another, or add --overwrite");
  }
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), AsCoder(session, options));
  v1::ExportBatchRequest request;
  request.set_study(StudyName(options.study));
  request.set_coder(options.coder);
  std::string table = kByteOrderMark;
  int items = 0;
  do {
    ASSIGN_OR_RETURN(const v1::ExportBatchResponse page,
                     api.Call<v1::ExportBatchResponse>(absl::StrCat(kService, "ExportBatch"), request));
    // Every page has the header.
    table += request.page_token().empty() ? page.csv() : page.csv().substr(page.csv().find('\n') + 1);
    items += page.item_count();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (options.file == "-") {
    std::cout << table;
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WriteFile(options.file, table));
  if (session.json) {
    std::cout << "{\"items\":" << items << "}\n";
  } else {
    std::cout << items << " items are in " << options.file << "\n";
  }
  return absl::OkStatus();
}

absl::Status Import(const Session& session, const CoderOptions& options) {
  v1::ImportBatchRequest request;
  request.set_study(StudyName(options.study));
  request.set_coder(options.coder);
  ASSIGN_OR_RETURN(*request.mutable_csv(), ReadFile(options.file));
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  Api api(connection->channel(), AsCoder(session, options));
  ASSIGN_OR_RETURN(const v1::ImportBatchResponse stored,
                   api.Call<v1::ImportBatchResponse>(absl::StrCat(kService, "ImportBatch"), request));
  if (session.json) {
    std::cout << ToJson(stored, false) << "\n";
  } else {
    std::cout << stored.code_count() << " codes stored, " << stored.unchanged_count() << " rows change nothing\n";
  }
  return absl::OkStatus();
}

}  // namespace

int CoderExport(const Session& session, const CoderOptions& options) {
  return Finish(session, Export(session, options));
}

int CoderImport(const Session& session, const CoderOptions& options) {
  return Finish(session, Import(session, options));
}

}  // namespace plumbline::cli

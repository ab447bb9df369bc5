#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/batch_csv.h"
#include "coding/domain/coder_view.h"
#include "coding/domain/pseudonym_typed.h"
#include "coding/service/coder_desk.h"
#include "coding/service/coder_service.h"
#include "coding/service/convert.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

// The offline round trip of a coder's batch.
namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.CoderService/";
constexpr int kMaxExportItems = 10'000;
constexpr size_t kExportBytes = 16u << 20;  // a page ends after so many
constexpr int kItemsAtOnce = 1'000;

// Writes items into a page until it is full.
class PageWriter {
 public:
  PageWriter(CodingReader& reader, const Desk& desk, const Frame& frame, int after)
      : reader_(reader), desk_(desk), frame_(frame), after_(after), csv_(BatchHeader(frame)) {}

  absl::Status Write(int most) {
    while (true) {
      const int wanted = std::min(most - count_, kItemsAtOnce);
      ASSIGN_OR_RETURN(const std::vector<CoderItem> items,
                       reader_.ListCoderItems(desk_.study, desk_.coder, after_, wanted + 1));
      for (const CoderItem& item : items) {
        more_ = count_ == most || csv_.size() >= kExportBytes;
        if (more_) return absl::OkStatus();
        RETURN_IF_ERROR(Add(item));
      }
      if (static_cast<int>(items.size()) <= wanted) return absl::OkStatus();
    }
  }

  std::string TakeCsv() { return std::move(csv_); }
  int count() const { return count_; }
  int last() const { return after_; }
  bool more() const { return more_; }

 private:
  absl::Status Add(CoderItem item) {
    if (frame_.unit == FrameUnit::kSession) {
      ASSIGN_OR_RETURN(item.passages, reader_.ListPassages(desk_.study, desk_.coder, item.item_id));
    }
    after_ = item.position;
    csv_ += BatchLine(frame_, ViewOf(std::move(item)), /*first=*/after_ == 1);
    ++count_;
    return absl::OkStatus();
  }

  CodingReader& reader_;
  const Desk& desk_;
  const Frame& frame_;
  int after_;
  std::string csv_;
  int count_ = 0;
  bool more_ = false;
};

// The stored code of a row's version. Not looked for where the row says what the newest says: it changes nothing then.
absl::StatusOr<std::optional<Code>> FindNamed(CodingReader& reader, const Desk& desk, const BatchRow& row,
                                              const std::optional<Code>& newest) {
  const bool as_newest = newest && row.code && SameAnswer(*newest, *row.code);
  if (row.version == 0 || !newest || as_newest || row.version >= newest->version) {
    return newest && row.version == newest->version ? newest : std::nullopt;
  }
  ASSIGN_OR_RETURN(const std::vector<Code> codes,
                   reader.ListCodeVersions(desk.study, desk.coder, row.item, row.version - 1, 1));
  if (codes.empty()) return absl::InternalError("a version of a code is missing");
  return codes[0];
}

absl::StatusOr<BatchPlan> PlanImport(CodingReader& reader, const Desk& desk, const Frame& frame,
                                     const std::string& csv) {
  Violations violations;
  const auto rows = ReadBatch(csv, frame, BatchLimits{}, violations);
  if (!rows.ok()) return RenameField(rows.status(), CsvTable::kWhole, "csv");
  std::set<std::string> items;
  for (const BatchRow& row : *rows) items.insert(row.item);
  ASSIGN_OR_RETURN(const HeldItems held, reader.FindItems(desk.study, desk.coder, {items.begin(), items.end()}));
  BatchPlan plan(std::move(violations));
  for (const BatchRow& row : *rows) {
    const auto found = held.find(row.item);
    if (found == held.end()) {
      plan.AddUnknown(row);
      continue;
    }
    if (row.position && *row.position != found->second.position) {
      plan.AddMisplaced(row);
      continue;
    }
    const std::optional<Code>& newest = found->second.code;
    ASSIGN_OR_RETURN(const std::optional<Code> named, FindNamed(reader, desk, row, newest));
    plan.Add(row, newest, named);
  }
  RETURN_IF_ERROR(plan.ToStatus());
  return plan;
}

}  // namespace

grpc::ServerUnaryReactor* CoderService::ExportBatch(grpc::CallbackServerContext* context,
                                                    const v1::ExportBatchRequest* request,
                                                    v1::ExportBatchResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ExportBatch"), *request,
                         [=, this](const rpc::Call& call) { return Export(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::ImportBatch(grpc::CallbackServerContext* context,
                                                    const v1::ImportBatchRequest* request,
                                                    v1::ImportBatchResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ImportBatch"), *request,
                         [=, this](const rpc::Call& call) { return Import(call, *request, *response); });
}

absl::Status CoderService::Export(const rpc::Call& call, const v1::ExportBatchRequest& request,
                                  v1::ExportBatchResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), kMaxExportItems, kMaxExportItems));
  const std::string list = absl::StrCat("ExportBatch/", desk.study, "/", desk.coder);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(reader, frames_, desk));
    PageWriter page(reader, desk, opened.frame, after);
    RETURN_IF_ERROR(page.Write(page_size));
    response.set_csv(page.TakeCsv());
    response.set_item_count(page.count());
    if (page.more()) response.set_next_page_token(EncodePageToken(list, absl::StrCat(page.last())));
    return absl::OkStatus();
  });
}

absl::Status CoderService::Import(const rpc::Call& call, const v1::ImportBatchRequest& request,
                                  v1::ImportBatchResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  if (request.csv().empty()) violations.AddMissing("csv");
  RETURN_IF_ERROR(violations.ToStatus());
  const CleanCodes clean = CleanCodesTable(request.csv());
  v1::ImportBatchRequest digested = request;
  digested.set_csv(clean.digested);
  const ManyCodesTurn turn(many_codes_, static_cast<size_t>(std::count(clean.csv.begin(), clean.csv.end(), '\n')));
  return operations::Write<CodingReader, CodingWriter, v1::ImportBatchResponse>(
      store_, submitter_, call, digested, response,
      [&](CodingWriter& writer, v1::ImportBatchResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(writer, frames_, desk));
        RETURN_IF_ERROR(RequireTakesCodes(opened.study, desk.coder, call.now));
        ASSIGN_OR_RETURN(const BatchPlan plan, PlanImport(writer, desk, opened.frame, clean.csv));
        std::vector<PlacedCode> codes;
        for (const BatchAnswer& answer : plan.answers()) codes.push_back({desk.coder, answer.item, answer.code});
        RETURN_IF_ERROR(writer.AddCodes(desk.study, codes, call.now).status());
        out.set_code_count(static_cast<int32_t>(codes.size()));
        out.set_unchanged_count(static_cast<int32_t>(plan.unchanged()));
        if (codes.empty()) return absl::OkStatus();
        result.audit.push_back({"code.import_batch", absl::StrCat("studies/", desk.study),
                                absl::StrCat("coder=", desk.coder, " codes=", codes.size())});
        return absl::OkStatus();
      });
}

}  // namespace plumbline::coding

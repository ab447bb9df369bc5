#ifndef PLUMBLINE_CODING_SERVICE_STUDY_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_STUDY_SERVICE_H_

#include "coding/domain/suggest.h"
#include "coding/storage/load_study.h"
#include "coding/storage/store.h"
#include "common/base/ids.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "plumbline/coding/v1/studies.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.StudyService. Thread-safe.
class StudyService final : public v1::StudyService::CallbackService {
 public:
  // Everything outlives the service.
  StudyService(const FrameCatalog& frames, const Suggesters& suggesters, CodingStore& store, jobs::Submitter& submitter,
               IdGenerator& ids, rpc::Handlers& handlers)
      : frames_(frames),
        suggesters_(suggesters),
        store_(store),
        submitter_(submitter),
        ids_(ids),
        handlers_(handlers) {}

  grpc::ServerUnaryReactor* CreateStudy(grpc::CallbackServerContext* context, const v1::CreateStudyRequest* request,
                                        v1::CreateStudyResponse* response) override;
  grpc::ServerUnaryReactor* UpdateStudy(grpc::CallbackServerContext* context, const v1::UpdateStudyRequest* request,
                                        v1::UpdateStudyResponse* response) override;
  grpc::ServerUnaryReactor* DeleteStudy(grpc::CallbackServerContext* context, const v1::DeleteStudyRequest* request,
                                        v1::DeleteStudyResponse* response) override;
  grpc::ServerUnaryReactor* GetStudy(grpc::CallbackServerContext* context, const v1::GetStudyRequest* request,
                                     v1::GetStudyResponse* response) override;
  grpc::ServerUnaryReactor* ListStudies(grpc::CallbackServerContext* context, const v1::ListStudiesRequest* request,
                                        v1::ListStudiesResponse* response) override;
  grpc::ServerUnaryReactor* GetStudyProgress(grpc::CallbackServerContext* context,
                                             const v1::GetStudyProgressRequest* request,
                                             v1::GetStudyProgressResponse* response) override;
  grpc::ServerUnaryReactor* ImportCodes(grpc::CallbackServerContext* context, const v1::ImportCodesRequest* request,
                                        v1::ImportCodesResponse* response) override;
  grpc::ServerUnaryReactor* CloseStudy(grpc::CallbackServerContext* context, const v1::CloseStudyRequest* request,
                                       v1::CloseStudyResponse* response) override;
  grpc::ServerUnaryReactor* OpenAdjudication(grpc::CallbackServerContext* context,
                                             const v1::OpenAdjudicationRequest* request,
                                             v1::OpenAdjudicationResponse* response) override;
  grpc::ServerUnaryReactor* ImportGoldCodes(grpc::CallbackServerContext* context,
                                            const v1::ImportGoldCodesRequest* request,
                                            v1::ImportGoldCodesResponse* response) override;
  grpc::ServerUnaryReactor* GetTrainingReport(grpc::CallbackServerContext* context,
                                              const v1::GetTrainingReportRequest* request,
                                              v1::GetTrainingReportResponse* response) override;
  grpc::ServerUnaryReactor* GetDriftReport(grpc::CallbackServerContext* context,
                                           const v1::GetDriftReportRequest* request,
                                           v1::GetDriftReportResponse* response) override;
  grpc::ServerUnaryReactor* OpenStudyKey(grpc::CallbackServerContext* context, const v1::OpenStudyKeyRequest* request,
                                         v1::OpenStudyKeyResponse* response) override;
  grpc::ServerUnaryReactor* ListStudyKey(grpc::CallbackServerContext* context, const v1::ListStudyKeyRequest* request,
                                         v1::ListStudyKeyResponse* response) override;
  grpc::ServerUnaryReactor* GetStudyResults(grpc::CallbackServerContext* context,
                                            const v1::GetStudyResultsRequest* request,
                                            v1::GetStudyResultsResponse* response) override;
  grpc::ServerUnaryReactor* AnalyzeStudy(grpc::CallbackServerContext* context, const v1::AnalyzeStudyRequest* request,
                                         v1::AnalyzeStudyResponse* response) override;
  grpc::ServerUnaryReactor* GetFeedbackSheet(grpc::CallbackServerContext* context,
                                             const v1::GetFeedbackSheetRequest* request,
                                             v1::GetFeedbackSheetResponse* response) override;

 private:
  absl::Status Create(const rpc::Call& call, const v1::CreateStudyRequest& request, v1::CreateStudyResponse& response);
  absl::Status List(const v1::ListStudiesRequest& request, v1::ListStudiesResponse& response);
  absl::Status Progress(absl::Time now, const v1::GetStudyProgressRequest& request,
                        v1::GetStudyProgressResponse& response);
  absl::Status Import(const rpc::Call& call, const v1::ImportCodesRequest& request, v1::ImportCodesResponse& response);
  absl::Status Close(const rpc::Call& call, const v1::CloseStudyRequest& request, v1::CloseStudyResponse& response);
  absl::Status OpenKey(const rpc::Call& call, const v1::OpenStudyKeyRequest& request,
                       v1::OpenStudyKeyResponse& response);
  absl::Status ListKey(const rpc::Call& call, const v1::ListStudyKeyRequest& request,
                       v1::ListStudyKeyResponse& response);
  absl::Status Adjudicate(const rpc::Call& call, const v1::OpenAdjudicationRequest& request,
                          v1::OpenAdjudicationResponse& response);
  absl::Status ImportGold(const rpc::Call& call, const v1::ImportGoldCodesRequest& request,
                          v1::ImportGoldCodesResponse& response);
  absl::Status Update(const rpc::Call& call, const v1::UpdateStudyRequest& request, v1::UpdateStudyResponse& response);
  absl::Status Delete(const rpc::Call& call, const v1::DeleteStudyRequest& request, v1::DeleteStudyResponse& response);
  // Writes `entry` to the audit log and answers `outcome`; where that fails, its error.
  absl::Status Audited(const rpc::Call& call, const absl::Status& outcome, const AuditEntry& entry);
  absl::Status Analyze(const rpc::Call& call, const v1::AnalyzeStudyRequest& request,
                       v1::AnalyzeStudyResponse& response);

  const FrameCatalog& frames_;
  const Suggesters& suggesters_;
  CodingStore& store_;
  jobs::Submitter& submitter_;
  IdGenerator& ids_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_STUDY_SERVICE_H_

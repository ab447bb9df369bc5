#ifndef PLUMBLINE_CODING_SERVICE_TRANSCRIPT_SERVICE_H_
#define PLUMBLINE_CODING_SERVICE_TRANSCRIPT_SERVICE_H_

#include <string>
#include <vector>

#include "coding/service/pseudonymizer.h"
#include "coding/storage/store.h"
#include "common/base/ids.h"
#include "common/crypto/keyed_hash.h"
#include "common/jobs/handler.h"
#include "common/rpc/handler.h"
#include "plumbline/coding/v1/import_payload.pb.h"
#include "plumbline/coding/v1/transcripts.grpc.pb.h"

namespace plumbline::coding {

// plumbline.coding.v1.TranscriptService. Thread-safe.
class TranscriptService final : public v1::TranscriptService::CallbackService {
 public:
  // Everything outlives the service.
  // `pseudonym_hash` nullptr: there is no key, and pseudonyms are not remembered.
  TranscriptService(CodingStore& store, jobs::Submitter& submitter, IdGenerator& ids,
                    const crypto::KeyedHash* pseudonym_hash, rpc::Handlers& handlers)
      : store_(store), submitter_(submitter), ids_(ids), pseudonym_hash_(pseudonym_hash), handlers_(handlers) {}

  grpc::ServerUnaryReactor* ImportTranscript(grpc::CallbackServerContext* context,
                                             const v1::ImportTranscriptRequest* request,
                                             v1::ImportTranscriptResponse* response) override;
  grpc::ServerUnaryReactor* BatchImportTranscripts(grpc::CallbackServerContext* context,
                                                   const v1::BatchImportTranscriptsRequest* request,
                                                   v1::BatchImportTranscriptsResponse* response) override;
  grpc::ServerUnaryReactor* ImportQuestions(grpc::CallbackServerContext* context,
                                            const v1::ImportQuestionsRequest* request,
                                            v1::ImportQuestionsResponse* response) override;
  grpc::ServerUnaryReactor* ExtractQuestions(grpc::CallbackServerContext* context,
                                             const v1::ExtractQuestionsRequest* request,
                                             v1::ExtractQuestionsResponse* response) override;
  grpc::ServerUnaryReactor* GetTranscript(grpc::CallbackServerContext* context, const v1::GetTranscriptRequest* request,
                                          v1::GetTranscriptResponse* response) override;
  grpc::ServerUnaryReactor* ListTranscripts(grpc::CallbackServerContext* context,
                                            const v1::ListTranscriptsRequest* request,
                                            v1::ListTranscriptsResponse* response) override;
  grpc::ServerUnaryReactor* EditTurns(grpc::CallbackServerContext* context, const v1::EditTurnsRequest* request,
                                      v1::EditTurnsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateTranscriptSpeakers(grpc::CallbackServerContext* context,
                                                     const v1::UpdateTranscriptSpeakersRequest* request,
                                                     v1::UpdateTranscriptSpeakersResponse* response) override;
  grpc::ServerUnaryReactor* EditQuestions(grpc::CallbackServerContext* context, const v1::EditQuestionsRequest* request,
                                          v1::EditQuestionsResponse* response) override;
  grpc::ServerUnaryReactor* ListTranscriptChanges(grpc::CallbackServerContext* context,
                                                  const v1::ListTranscriptChangesRequest* request,
                                                  v1::ListTranscriptChangesResponse* response) override;
  grpc::ServerUnaryReactor* DeleteTranscript(grpc::CallbackServerContext* context,
                                             const v1::DeleteTranscriptRequest* request,
                                             v1::DeleteTranscriptResponse* response) override;
  grpc::ServerUnaryReactor* ListQuestions(grpc::CallbackServerContext* context, const v1::ListQuestionsRequest* request,
                                          v1::ListQuestionsResponse* response) override;

 private:
  absl::Status Import(const rpc::Call& call, const v1::ImportTranscriptRequest& request,
                      v1::ImportTranscriptResponse& response);
  // Reports what the import would meet, and stores nothing.
  absl::Status Validate(const v1::ImportTranscriptRequest& request, v1::ImportTranscriptResponse& response);
  // transcript_edits.cc
  absl::Status Edit(const rpc::Call& call, const v1::EditTurnsRequest& request, v1::EditTurnsResponse& response);
  absl::Status SetSpeakers(const rpc::Call& call, const v1::UpdateTranscriptSpeakersRequest& request,
                           v1::UpdateTranscriptSpeakersResponse& response);
  absl::Status Changes(const v1::ListTranscriptChangesRequest& request, v1::ListTranscriptChangesResponse& response);
  // question_edits.cc
  absl::Status CorrectQuestions(const rpc::Call& call, const v1::EditQuestionsRequest& request,
                                v1::EditQuestionsResponse& response);
  // Every transcript of a batch, read and searched.
  struct CleanBatch {
    v1::BatchImportPayload payload;
    std::vector<Hidden> hidden;       // by transcript
    std::vector<std::string> scopes;  // by transcript
  };
  // INVALID_ARGUMENT with what is wrong with all of them.
  static absl::StatusOr<CleanBatch> ReadBatch(const v1::BatchImportTranscriptsRequest& request);
  absl::Status BatchImport(const rpc::Call& call, const v1::BatchImportTranscriptsRequest& request,
                           v1::BatchImportTranscriptsResponse& response);
  absl::Status StoreQuestions(const rpc::Call& call, const v1::ImportQuestionsRequest& request,
                              v1::ImportQuestionsResponse& response);
  absl::Status List(const v1::ListTranscriptsRequest& request, v1::ListTranscriptsResponse& response);
  absl::Status Delete(const rpc::Call& call, const v1::DeleteTranscriptRequest& request,
                      v1::DeleteTranscriptResponse& response);
  absl::Status Questions(const v1::ListQuestionsRequest& request, v1::ListQuestionsResponse& response);

  CodingStore& store_;
  jobs::Submitter& submitter_;
  IdGenerator& ids_;
  const crypto::KeyedHash* const pseudonym_hash_;
  rpc::Handlers& handlers_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_TRANSCRIPT_SERVICE_H_

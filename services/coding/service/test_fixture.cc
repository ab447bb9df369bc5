#include "coding/service/test_fixture.h"

namespace plumbline::coding {

CodingServiceTest::CodingServiceTest() = default;
CodingServiceTest::~CodingServiceTest() = default;

void CodingServiceTest::SetUp() {
  auto server = rpc::Server::Start({.listen = "",
                                    .services = {&transcript_service_, &pseudonym_service_, &frame_service_,
                                                 &study_service_, &agreement_, &result_service_, &coder_service_}});
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  transcripts_ = v1::TranscriptService::NewStub(server_->InProcessChannel());
  pseudonyms_ = v1::PseudonymService::NewStub(server_->InProcessChannel());
  frame_stub_ = v1::FrameService::NewStub(server_->InProcessChannel());
  studies_ = v1::StudyService::NewStub(server_->InProcessChannel());
  coder_ = v1::CoderService::NewStub(server_->InProcessChannel());
  agreement_stub_ = v1::AgreementService::NewStub(server_->InProcessChannel());
  results_ = v1::ResultService::NewStub(server_->InProcessChannel());
}

}  // namespace plumbline::coding

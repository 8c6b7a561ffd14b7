#include "tree/sha256.hpp"

#include "domain/failure.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <new>

namespace verso::tree {

namespace {

[[noreturn]] void fail_openssl() {
    if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE) throw std::bad_alloc();
    fail(Errc::io_failed,
         "OpenSSL cannot compute SHA-256; check the providers in its configuration");
}

using Algorithm = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;

Algorithm fetch_algorithm() {
    Algorithm fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
    if (!fetched) fail_openssl();
    return fetched;
}

/// Fetched by the first who needs it: a fetch costs as much as many digests.
const EVP_MD* algorithm() {
    static const Algorithm fetched = fetch_algorithm();  // again, where it failed before
    return fetched.get();
}

}  // namespace

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                    &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    if (!state_->context) throw std::bad_alloc();
    if (EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr) != 1) fail_openssl();
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

Digest Sha256::operator()(BytesView a, BytesView b) {
    start();
    add(a);
    if (!b.empty()) add(b);
    return finish();
}

void Sha256::start() {
    // Without an algorithm named, the context starts anew with the one that it has.
    if (EVP_DigestInit_ex2(state_->context.get(), nullptr, nullptr) != 1) fail_openssl();
}

void Sha256::add(BytesView bytes) {
    if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) fail_openssl();
}

Digest Sha256::finish() {
    Digest digest;
    if (EVP_DigestFinal_ex(state_->context.get(), digest.bytes.data(), nullptr) != 1)
        fail_openssl();
    return digest;
}

}  // namespace verso::tree

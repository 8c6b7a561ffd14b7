#include "tree/sha256.hpp"

#include "domain/failure.hpp"

#include <openssl/evp.h>

namespace verso::tree {

namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};

using Algorithm = std::unique_ptr<EVP_MD, Release<EVP_MD_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;

[[noreturn]] void fail_openssl() {
    fail(Errc::io_failed,
         "OpenSSL cannot compute SHA-256; check the providers in its configuration");
}

/// Fetched by the first who needs it: a fetch costs as much as many digests.
const EVP_MD* algorithm() {
    static const Algorithm fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    if (!fetched) fail_openssl();
    return fetched.get();
}

}  // namespace

struct Sha256::State {
    Context context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    if (!state_->context) throw std::bad_alloc();
    if (EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr) != 1) fail_openssl();
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

Digest Sha256::operator()(BytesView a, BytesView b) {
    EVP_MD_CTX* const context = state_->context.get();
    Digest digest;
    // Without an algorithm named, the context starts anew with the one that it has.
    const bool done = EVP_DigestInit_ex2(context, nullptr, nullptr) == 1 &&
                      EVP_DigestUpdate(context, a.data(), a.size()) == 1 &&
                      (b.empty() || EVP_DigestUpdate(context, b.data(), b.size()) == 1) &&
                      EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr) == 1;
    if (!done) fail_openssl();
    return digest;
}

}  // namespace verso::tree

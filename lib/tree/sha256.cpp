#include "tree/sha256.hpp"

#include "domain/failure.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>

#include <memory>
#include <new>

namespace verso::tree {

namespace {

/// Whether OpenSSL says that it had no memory, or had none to say why it failed.
bool is_out_of_memory() {
    const unsigned long last = ERR_peek_last_error();
    if (last == 0) return true;
    for (unsigned long error = ERR_get_error(); error != 0; error = ERR_get_error())
        if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE) return true;
    return false;
}

[[noreturn]] void fail_openssl() {
    if (is_out_of_memory()) throw std::bad_alloc();
    fail(Errc::io_failed,
         "OpenSSL cannot compute SHA-256; check the providers in its configuration, and that the "
         "process is given memory");
}

using Algorithm = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;

Algorithm fetch_algorithm() {
    // Where it had no memory to begin with, OpenSSL 3.0 reads through a null pointer.
    if (OSSL_LIB_CTX_get0_global_default() == nullptr) throw std::bad_alloc();
    ERR_clear_error();
    Algorithm fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
    if (!fetched) fail_openssl();
    return fetched;
}

/// Fetched by the first who needs it: a fetch costs as much as many digests.
const EVP_MD* algorithm() {
    static const Algorithm fetched = fetch_algorithm();  // again, where it failed before
    return fetched.get();
}

/// The hashers of threads. What is thread_local and has a destructor would end the process where
/// there is no memory to register it.
class ThreadHashers {
public:
    ThreadHashers() {
        if (pthread_key_create(&key_, &destroy) != 0) throw std::bad_alloc();
    }
    ThreadHashers(const ThreadHashers&) = delete;
    ThreadHashers& operator=(const ThreadHashers&) = delete;
    ~ThreadHashers() { pthread_key_delete(key_); }

    Sha256& own() {
        if (void* const kept = pthread_getspecific(key_)) return *static_cast<Sha256*>(kept);
        auto made = std::make_unique<Sha256>();
        if (pthread_setspecific(key_, made.get()) != 0) throw std::bad_alloc();
        return *made.release();
    }

private:
    static void destroy(void* hasher) { delete static_cast<Sha256*>(hasher); }

    pthread_key_t key_{};
};

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

Digest sha256(BytesView a, BytesView b) {
    static ThreadHashers hashers;
    Sha256& hasher = hashers.own();
    hasher.start();
    hasher.add(a);
    if (!b.empty()) hasher.add(b);
    return hasher.finish();
}

}  // namespace verso::tree

#include "cli/compression.hpp"

#include "domain/failure.hpp"

#include <string>
#include <utility>
#include <vector>

#ifdef VERSO_WITH_ZSTD
#include <zstd.h>
#endif

namespace verso::cli {

#ifdef VERSO_WITH_ZSTD

namespace {

std::size_t checked(std::size_t result, const char* doing) {
    if (ZSTD_isError(result) != 0)
        fail(Errc::io_failed,
             std::string("cannot ") + doing + " what is called .zst: " + ZSTD_getErrorName(result));
    return result;
}

}  // namespace

struct Compressor::State {
    Write write;
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context{ZSTD_createCCtx(), ZSTD_freeCCtx};
    std::vector<char> buffer = std::vector<char>(ZSTD_CStreamOutSize());

    void run(std::string_view bytes, ZSTD_EndDirective end) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        for (bool is_done = false; !is_done;) {
            ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
            const std::size_t left =
                checked(ZSTD_compressStream2(context.get(), &out, &in, end), "write");
            write({buffer.data(), out.pos});
            is_done = end == ZSTD_e_end ? left == 0 : in.pos == in.size;
        }
    }
};

Compressor::Compressor(Write write) : state_(std::make_unique<State>(State{std::move(write)})) {
    if (!state_->context) throw std::bad_alloc();
    checked(ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1), "write");
}

void Compressor::write(std::string_view bytes) { state_->run(bytes, ZSTD_e_continue); }

void Compressor::finish() { state_->run({}, ZSTD_e_end); }

struct Decompressor::State {
    Read read;
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context{ZSTD_createDCtx(), ZSTD_freeDCtx};
    std::vector<char> buffer = std::vector<char>(ZSTD_DStreamInSize());
    ZSTD_inBuffer in{buffer.data(), 0, 0};
    std::size_t wanted = 0;  // of the frame that is being read
    bool has_more = false;   // than the last call had room for
};

Decompressor::Decompressor(Read read) : state_(std::make_unique<State>(State{std::move(read)})) {
    if (!state_->context) throw std::bad_alloc();
}

std::size_t Decompressor::read(std::span<char> out) {
    ZSTD_outBuffer made{out.data(), out.size(), 0};
    while (made.pos == 0) {
        if (state_->in.pos == state_->in.size && !state_->has_more) {
            state_->in = {state_->buffer.data(), state_->read(state_->buffer), 0};
            if (state_->in.size == 0) {
                if (state_->wanted != 0)
                    fail(Errc::io_failed, "what is called .zst ends too soon; it is cut off");
                return 0;
            }
        }
        state_->wanted =
            checked(ZSTD_decompressStream(state_->context.get(), &made, &state_->in), "read");
        state_->has_more = made.pos == made.size;
    }
    return made.pos;
}

#else

namespace {

[[noreturn]] void fail_without_zstd() {
    fail(
        Errc::option_invalid,
        "this verso was built without Zstandard and cannot read or write .zst files; give the file "
        "another name and compress it with the program zstd");
}

}  // namespace

struct Compressor::State {};
struct Decompressor::State {};

Compressor::Compressor(Write) { fail_without_zstd(); }
void Compressor::write(std::string_view) { fail_without_zstd(); }
void Compressor::finish() { fail_without_zstd(); }
Decompressor::Decompressor(Read) { fail_without_zstd(); }
std::size_t Decompressor::read(std::span<char>) { fail_without_zstd(); }

#endif

Compressor::~Compressor() = default;
Decompressor::~Decompressor() = default;

}  // namespace verso::cli

// SPDX-License-Identifier: MIT
// A small language model of characters whose output layer uses the embedding's weight (Press and
// Wolf, "Using the Output Embedding to Improve Language Models", 2017): it learns to continue any
// text, and then writes some.
//
//     example_tied_embedding --text tinyshakespeare.txt --steps 5000
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <parton/parton.hpp>

using namespace parton;

namespace {

constexpr Index context = 16;  // how many characters the next one is guessed from

/// The bytes that occur, numbered from 0.
class Alphabet {
 public:
  explicit Alphabet(const std::string& text) {
    std::array<bool, 256> occurs{};
    for (const char c : text) occurs[static_cast<unsigned char>(c)] = true;
    for (std::size_t c = 0; c < occurs.size(); ++c) {
      number_[c] = size();
      if (occurs[c]) symbols_ += static_cast<char>(c);
    }
  }
  [[nodiscard]] Index size() const { return static_cast<Index>(symbols_.size()); }
  [[nodiscard]] Index operator()(char c) const { return number_[static_cast<unsigned char>(c)]; }
  [[nodiscard]] char symbol(Index i) const { return symbols_[static_cast<std::size_t>(i)]; }

 private:
  std::string symbols_;
  std::array<Index, 256> number_{};
};

/// Scores for the next character: the hidden layer's guess at its vector is compared with the
/// vector of every character.
class LanguageModel : public nn::Block<float> {
 public:
  static constexpr Index width = 32;

  explicit LanguageModel(Index characters)
      : embedding(add_child("embedding", nn::Embedding(characters, width,
                                                       {.weight_initializer = init::Normal(0.3)}))),
        hidden(add_child("hidden", nn::Dense(128, nn::tanh))),
        guess(add_child("guess", nn::Dense(width))),
        decoder(add_child("decoder", nn::Dense(characters, {.params = embedding.params()}))) {}

  /// Numbers of characters (batch, context) -> scores (batch, characters).
  Tensor<> forward(const Tensor<>& input) const override {
    return decoder(guess(hidden(embedding(input))));
  }

  nn::Embedding<>& embedding;
  nn::Dense<>& hidden;
  nn::Dense<>& guess;
  nn::Dense<>& decoder;
};

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (static_cast<Index>(text.size()) <= context)
    throw std::runtime_error(path + " must hold more than " + std::to_string(context) + " bytes");
  return text;
}

/// `text` and what comes after it, each character drawn by its probability.
std::string continued(const LanguageModel& net, const Alphabet& alphabet, std::string text,
                      Index length) {
  for (Index i = 0; i < length; ++i) {
    Tensor input = Tensor<>::zeros({1, context});
    for (Index j = 0; j < context; ++j)
      input(0, j) =
          static_cast<float>(alphabet(text[text.size() - static_cast<std::size_t>(context - j)]));
    const Tensor chances = softmax(net(input));
    float left = random::uniform({}).item();
    Index next = 0;
    while (next + 1 < alphabet.size() && left >= chances(0, next)) left -= chances(0, next++);
    text += alphabet.symbol(next);
  }
  return text;
}

struct Settings {
  std::string text = PARTON_LICENSE;
  Index steps = 2000;
  Index length = 300;
  Index batch = 64;
  std::uint64_t seed = 1;
};

int run(const Settings& settings) {
  const std::string text = read(settings.text);
  const Alphabet alphabet(text);
  std::vector<float> numbers;
  for (const char c : text) numbers.push_back(static_cast<float>(alphabet(c)));
  std::cout << text.size() << " characters, " << alphabet.size() << " different ones\n";

  random::seed(settings.seed);
  LanguageModel net(alphabet.size());
  net.initialize(init::Xavier());
  infer_shapes(net, {1, context});
  std::cout << net.collect_params() << '\n';
  std::cout << "One weight for both: " << (&net.embedding.weight() == &net.decoder.weight())
            << '\n';

  optim::Trainer trainer(net.collect_params(), optim::Adam({.learning_rate = 0.003}));
  const loss::SoftmaxCrossEntropy cross_entropy;
  const Index reports = std::min<Index>(settings.steps, 10);
  double total = 0;
  Index since = 0, reported = 0;
  Progress progress(settings.steps, {.label = "train"});
  for (Index i : progress) {
    const Tensor places = random::uniform<double>({settings.batch});
    Tensor input = Tensor<>::zeros({settings.batch, context});
    Tensor next = Tensor<>::zeros({settings.batch});
    for (Index row = 0; row < settings.batch; ++row) {
      const auto begin =
          numbers.begin() +
          static_cast<Index>(places(row) *
                             static_cast<double>(static_cast<Index>(numbers.size()) - context));
      std::copy(begin, begin + context, input[row].span().begin());
      next(row) = begin[context];
    }
    const autograd::Record recording;
    const Tensor loss = mean(cross_entropy(net(input), next));
    loss.backward();
    trainer.step(1);
    total += loss.item();
    ++since;
    progress.show({.loss = total / static_cast<double>(since)});
    if ((i + 1) * reports / settings.steps > reported) {
      progress.clear();
      std::printf("step %5td  loss %.3f\n", i + 1, total / static_cast<double>(since));
      std::fflush(stdout);
      reported = (i + 1) * reports / settings.steps;
      total = 0;
      since = 0;
    }
  }

  std::cout << "\nIt writes:\n"
            << continued(net, alphabet, text.substr(0, context), settings.length) << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("A language model of characters with one weight for embedding and output.");
  app.add_option("--text", settings.text, "What to learn from; by default parton's LICENSE")
      ->check(CLI::ExistingFile);
  app.add_option("--steps", settings.steps, "Steps of training")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--length", settings.length, "Characters to write in the end")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--batch", settings.batch, "Places of the text per step")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", settings.seed, "Of the initial values and all draws")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return run(settings);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Page;

/// <summary>Recomputes every statement that the page makes about a number, from the numbers written in it or highlighted.</summary>
public sealed partial class TooltipTextTests(Browser browser) : IClassFixture<Browser>
{
    // For every result of a step: the equation, the readout, and the highlighted numbers with their letters.
    private const string Sentences =
        """
        () => [...document.querySelectorAll('.equation')].flatMap(section => [
          ...section.querySelector('table').querySelectorAll('td')].map(td => {
          td.focus();
          return [
            section.getAttribute('aria-label') + ' ' + document.getElementById('words').textContent,
            document.getElementById('readout').textContent,
            [...document.querySelectorAll('td.maker')].map(m => [m.closest('table').dataset.symbol, m.dataset.value])];
        }))
        """;

    // For equations that are not sums: the expected value, from the substituted numbers (by letter) and all highlighted ones.
    private static readonly Dictionary<string, Func<SentenceNumbers, double>> Known = new(StringComparer.Ordinal)
    {
        ["y = max(x, 0)"] = s => Math.Max(s["x"], 0),
        ["y = 1/(1 + e⁻ˣ)"] = s => Sigmoid(s["x"]),
        ["∂y/∂x = y(1 − y)"] = s => s["y"] * (1 - s["y"]),
        ["y = eˣ"] = s => Math.Exp(s["x"]),
        ["y = x s, s = 1/(1 + e⁻ˣ)"] = s => s["x"] * Sigmoid(s["x"]),
        ["∂y/∂x = s + x s(1 − s)"] = s => Sigmoid(s["x"]) + (s["x"] * Sigmoid(s["x"]) * (1 - Sigmoid(s["x"]))),
        ["∂y/∂x = 1 where x > 0, else 0"] = s => s["x"] > 0 ? 1 : 0,
        ["y = x where x > 0, else a x"] = s => s["x"] > 0 ? s["x"] : s["a"] * s["x"],
        ["∂y/∂x = 1 where x > 0, else a"] = s => s["x"] > 0 ? 1 : s["a"],
        ["y = x where x > 0, else α(eˣ − 1)"] = s => s["x"] > 0 ? s["x"] : s["α"] * (Math.Exp(s["x"]) - 1),
        ["∂y/∂x = 1 where x > 0, else αeˣ"] = s => s["x"] > 0 ? 1 : s["α"] * Math.Exp(s["x"]),
        ["y = log(1 + e^βx)/β"] = s => Math.Log(1 + Math.Exp(s["β"] * s["x"])) / s["β"],
        ["∂y/∂x = 1/(1 + e^−βx)"] = s => Sigmoid(s["β"] * s["x"]),
        ["y = γ·(x − μ)/√(v + ε) + β"] = s => (s["γ"] * (s["x"] - s["μ"]) / Math.Sqrt(s["v"] + s["ε"])) + s["β"],
        ["y = (x − μ)/√(v + ε)"] = s => (s["x"] - s["μ"]) / Math.Sqrt(s["v"] + s["ε"]),
        ["dX += s·(dX̂ − (1/N) Σ dX̂ − x̂·(1/N) Σ dX̂·x̂), dX̂ = γ·dY"] = NormalBack,
        ["dX += s·(dX̂ − (1/D) Σ dX̂ − x̂·(1/D) Σ dX̂·x̂), dX̂ = γ·dY"] = NormalBack,
        ["dX += s·(dX̂ − (1/N) Σ dX̂ − x̂·(1/N) Σ dX̂·x̂), dX̂ = dY"] = NormalBack,
        ["dX += s·(dX̂ − (1/D) Σ dX̂ − x̂·(1/D) Σ dX̂·x̂), dX̂ = dY"] = NormalBack,
        ["dX += s·dX̂, dX̂ = dY"] = s => s["s"] * s["dY"],
        ["dX += s·dX̂, dX̂ = γ·dY"] = s => s["s"] * s["γ"] * s["dY"],
        ["y = e^x / Σₖ e^xₖ"] = s => Math.Exp(s["x"]) / s.Marked["x"].Sum(Math.Exp),
        ["dX += y ⊙ (dY − Σₖ dYₖ yₖ)"] = s => s["y"] * (s["dY"] - s.Marked["dY"].Zip(s.Marked["y"], (a, b) => a * b).Sum()),
        ["y = a·(x − (1/D) Σₖ xₖ)"] = s => s["a"] * (s["x"] - (s.Marked["x"].Sum() / s["D"])),
        ["dX += a·(dY − (1/D) Σₖ dYₖ)"] = s => s["a"] * (s["dY"] - (s.Marked["dY"].Sum() / s["D"])),
        ["y = x − log Σₖ e^xₖ"] = s => s["x"] - Math.Log(s.Marked["x"].Sum(Math.Exp)),
        ["dX += dY − e^y ⊙ Σₖ dYₖ"] = s => s["dY"] - (Math.Exp(s["y"]) * s.Marked["dY"].Sum()),
        ["L = −mean log pₜ"] = s => -s.Marked["p"].Average(Math.Log),
        ["dZ += dL · (p − 1[t]) / n"] = s => s["dL"] * (s["p"] - s["1[t]"]) / s["n"],
        ["L = −Σ a log p, a = t / n"] = Weighed,
        ["L = −Σ a log p, a = w ((1 − s) t + s/classes) / D"] = Weighed,
        ["dZ += dL · (p Σₖ aₖ − a)"] = s => s["dL"] * ((s["p"] * s.Marked["a"].Sum()) - s["a"]),
        ["L = mean (p − t)²"] = s => s.Marked["p"].Zip(s.Marked["t"], (p, t) => (p - t) * (p - t)).Average(),
        ["dP += dL · ∂L/∂p, ∂L/∂p = 2(p − t) / N"] = s => s["dL"] * 2 * (s["p"] - s["t"]) / s["N"],
        ["L = −mean(t log σ(z) + (1 − t) log σ(−z))"] = s => -s.Marked["z"]
            .Zip(s.Marked["t"], (z, t) => (t * Math.Log(Sigmoid(z))) + ((1 - t) * Math.Log(Sigmoid(-z)))).Average(),
        ["dZ += dL · ∂L/∂z, ∂L/∂z = (σ(z) − t) / N"] = s => s["dL"] * (Sigmoid(s["z"]) - s["t"]) / s["N"],
        ["L = Σ t (log t − x) / n"] = s => s.Marked["x"].Zip(s.Marked["t"], (x, t) => t * (Math.Log(t) - x)).Sum() / s["n"],
        ["dX += dL · ∂L/∂x, ∂L/∂x = −t / n"] = s => -s["dL"] * s["t"] / s["n"],
    };

    [Theory]
    [InlineData("words")]
    [InlineData("windows")]
    [InlineData("norms")]
    [InlineData("inference")]
    [InlineData("merges")]
    [InlineData("activations")]
    [InlineData("weighed")]
    [InlineData("soft")]
    [InlineData("yes or no")]
    [InlineData("residual")]
    [InlineData("others")]
    [InlineData("custom")]
    public async Task Readouts_OfAllNumbers_AreTrue(string name)
    {
        Pages made = Pages.Of(name);
        await using OpenPage open = await browser.Open(made.Html);
        List<string> wrong = [];
        int count = 0;
        for (int i = 1; i <= made.Steps.Count && made.Steps[i - 1].Kind is not (StepKind.Clip or StepKind.Update); i++)
        {
            await open.GoTo(i);
            foreach (JsonElement each in (await open.Page.EvaluateAsync<JsonElement>(Sentences)).EnumerateArray())
            {
                (string equation, string sentence) = (each[0].GetString()!, each[1].GetString()!);
                ILookup<string, double> marked = each[2].EnumerateArray()
                    .ToLookup(m => m[0].GetString()!, m => Number(m[1].GetString()!), StringComparer.Ordinal);
                wrong.AddRange(marked
                    .Where(group => !equation.Contains(group.Key == "x" ? "ˣ" : group.Key, StringComparison.Ordinal)
                        && !equation.Contains(group.Key, StringComparison.Ordinal))
                    .Select(group => $"{sentence}: highlights {group.Key}, which does not occur in {equation}"));
                string? error = await ErrorOf(open, sentence, marked);
                if (error is not null)
                {
                    wrong.Add($"step {i}: {sentence}: {error}");
                }

                count++;
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.True(count > 10, $"{count} sentences");
    }

    // The update rule of each optimizer, with the letters used on the page.
    public static TheoryData<string, Func<IReadOnlyList<Parameter>, Optimizer>, Func<SentenceNumbers, double>> Optimizers => new()
    {
        { "plain", w => new SGD(w, 0.1f), s => s["w"] - (s["η"] * s["g"]) },
        { "momentum", w => new SGD(w, 0.1f, momentum: 0.9f), s => s["w"] - (s["η"] * s["v"]) },
        {
            "Nesterov, decay",
            w => new SGD(w, 0.1f, momentum: 0.9f, nesterov: true, weightDecay: 0.5f),
            s => s["w"] - (s["η"] * (s["g"] + (s["λ"] * s["w"]) + (s["μ"] * s["v"])))
        },
        { "RMSProp", w => new RMSProp(w), s => s["w"] - (s["η"] * s["g"] / (Math.Sqrt(s["s"]) + s["ε"])) },
        { "RMSProp, momentum", w => new RMSProp(w, momentum: 0.5f, centered: true), s => s["w"] - (s["η"] * s["v"]) },
        {
            "Adagrad",
            w => new Adagrad(w, 0.1f, learningRateDecay: 0.5f),
            s => s["w"] - (s["η"] / (1 + ((s["t"] - 1) * s["κ"])) * s["g"] / (Math.Sqrt(s["s"]) + s["ε"]))
        },
        { "Adam", w => new Adam(w, 0.1f), Adam },
        { "AdamW", w => new AdamW(w, 0.1f, weightDecay: 0.5f), s => Adam(s) - (s["η"] * s["λ"] * s["w"]) },
        {
            "NAdam",
            w => new NAdam(w, 0.1f),
            s => s["w"] - (s["η"] * ((s["μₜ₊₁"] * s["m"] / (1 - s["Pₜ₊₁"])) + ((1 - s["μₜ"]) * s["g"] / (1 - s["Pₜ"])))
                / (Math.Sqrt(s["v"] / s["1 − β₂ᵗ"]) + s["ε"]))
        },
        { "RProp", w => new RProp(w, 0.1f), s => s["w"] - (s["s"] * Math.Sign(s["p"])) },
    };

    [Theory]
    [MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true)]
    public async Task Update_OfEveryOptimizer_ShowsAllInputsOfTheNewWeight(
        string name, Func<IReadOnlyList<Parameter>, Optimizer> create, Func<SentenceNumbers, double> rule)
    {
        Pages made = Pages.Updated(create);
        await using OpenPage open = await browser.Open(made.Html);
        await open.GoTo(1 + made.Steps.FindIndex(step => step.Kind == StepKind.Update));
        foreach (JsonElement each in (await open.Page.EvaluateAsync<JsonElement>(Sentences)).EnumerateArray())
        {
            string sentence = each[1].GetString()!;
            Match match = Text().Match(sentence);
            double value = Number(match.Groups["value"].Value),
                given = rule(new SentenceNumbers(PutIn(match), Enumerable.Empty<string>().ToLookup(_ => "", _ => 0.0)));
            Assert.True(Math.Abs(given - value) < 5e-4, $"{name}: {sentence}: the result is {given}");
        }
    }

    private static double Adam(SentenceNumbers s) =>
        s["w"] - (s["η"] * s["m"] / s["1 − β₁ᵗ"] / (Math.Sqrt(s["v"] / s["1 − β₂ᵗ"]) + s["ε"]));

    private static Dictionary<string, double> PutIn(Match match) => Put().Matches(match.Groups["with"].Value)
        .DistinctBy(each => each.Groups["letter"].Value, StringComparer.Ordinal)
        .ToDictionary(each => each.Groups["letter"].Value, each => Number(each.Groups["value"].Value), StringComparer.Ordinal);

    private static async Task<string?> ErrorOf(OpenPage open, string sentence, ILookup<string, double> marked)
    {
        double given, value;
        if (Sum().Match(sentence) is { Success: true } sum)
        {
            value = Number(sum.Groups["value"].Value);
            string expression = Powers().Replace(
                sum.Groups["sum"].Value.Replace('−', '-').Replace('·', '*')
                    .Replace("²", "**2", StringComparison.Ordinal).Replace("^", "**", StringComparison.Ordinal),
                "Math.${name}(${of})").Replace("max(", "Math.max(", StringComparison.Ordinal);
            if (expression.Contains('…'))
            {
                return null;        // the readout abbreviates long sums
            }

            given = await open.Page.EvaluateAsync<double>(expression);
            double most = Figures().Matches(expression).Max(figure => Math.Abs(Number(figure.Value)));
            return Math.Abs(given - value) <= 3e-3 * Math.Max(most, most * most) ? null : $"the result is {given}";
        }

        Match match = Text().Match(sentence);
        if (!match.Success || !Known.TryGetValue(match.Groups["equation"].Value, out Func<SentenceNumbers, double>? rule))
        {
            return $"no known equation: '{match.Groups["equation"].Value}'";
        }

        value = Number(match.Groups["value"].Value);
        Dictionary<string, double> put = PutIn(match);
        given = rule(new SentenceNumbers(put, marked));
        return Math.Abs(given - value) <= 3e-3 * Math.Max(Math.Abs(value), put.Values.Append(0.1).Max(Math.Abs))
            ? null
            : $"the result is {given}";
    }

    private static double Weighed(SentenceNumbers s) => -s.Marked["p"].Zip(s.Marked["a"], (p, a) => a * Math.Log(p)).Sum();

    private static double NormalBack(SentenceNumbers s)
    {
        double[] dY = [.. s.Marked["dY"]], xHat = [.. s.Marked["x̂"]], gammas = [.. s.Marked["γ"]];
        double[] dXHat = [.. dY.Select((each, i) => each * (gammas.Length == 0 ? 1 : gammas.Length == dY.Length ? gammas[i] : gammas[0]))];
        double own = s["dY"] * (s.Inserted.TryGetValue("γ", out double gamma) ? gamma : 1);
        return s["s"] * (own - dXHat.Average() - (s["x̂"] * dXHat.Zip(xHat, (a, b) => a * b).Average()));
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Number(string text) => double.Parse(text.Replace('−', '-').TrimEnd(':'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\S+, \d+\] (\+=|−=|=) (?<sum>[^:]+) = (?<value>[−\d.e]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sum();

    [GeneratedRegex(@"^\S+, \d+\] = (?<value>[−\d.e]+):  (?<equation>.*?)(, with (?<with>.*))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Text();

    [GeneratedRegex(@"(^|, )(?<letter>[^,=]+) = (?<value>[−\d.e]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Put();

    [GeneratedRegex(@"(?<name>tanh|cos|sin) \(?(?<of>-?\d+(\.\d+)?(e-?\d+)?)\)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Powers();

    [GeneratedRegex(@"\d+(\.\d+)?(e-?\d+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Figures();

    /// <summary>Represents a readout: the substituted numbers, and all highlighted ones.</summary>
    public sealed record SentenceNumbers(IReadOnlyDictionary<string, double> Inserted, ILookup<string, double> Marked)
    {
        public double this[string letter] => Inserted[letter];
    }
}

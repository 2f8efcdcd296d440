using System.Globalization;

namespace TrafficFlow.Benchmarks;

/// <summary>Reads a benchmark's options.</summary>
internal static class BenchmarkOptions
{
    /// <returns>Null where the option was not given.</returns>
    /// <exception cref="BenchmarkException">It is no whole number above 0.</exception>
    public static int? WholeNumber(this IReadOnlyDictionary<string, string> options, string name) =>
        !options.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new BenchmarkException(BenchmarkException.CannotRun, $"{name} {text}: write a whole number above 0");
}

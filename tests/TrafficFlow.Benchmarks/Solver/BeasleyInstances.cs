using System.Globalization;
using TrafficFlow.Analysis.Optimisation;

namespace TrafficFlow.Benchmarks.Solver;

/// <summary>
/// Beasley's unconstrained binary quadratic problems (OR-Library's bqp50, bqp100, bqp250, ten of each) with their proven optima. OR-Library maximises x'Qx with Q symmetric; here -x'Qx is
/// minimised. The files are not in the repository.
/// </summary>
internal static class BeasleyInstances
{
    /// <summary>By size, in the order of the files.</summary>
    public static IReadOnlyDictionary<int, int[]> Optima { get; } = new Dictionary<int, int[]>
    {
        [50] = [-2098, -3702, -4626, -3544, -4012, -3693, -4520, -4216, -3780, -3507],
        [100] = [-7970, -11036, -12723, -10368, -9083, -10210, -10125, -11435, -11455, -12565],
        [250] = [-45607, -44810, -49037, -41274, -47961, -41014, -46757, -35726, -48916, -40442],
    };

    /// <exception cref="BenchmarkException">There is no such file, or it is not what it should be.</exception>
    public static async Task<IReadOnlyList<BinaryQuadraticModel>> ReadAsync(string folder, int size, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, $"bqp{size}.txt");
        if (!File.Exists(path)) throw new BenchmarkException(BenchmarkException.CannotRun, $"needs {path}: OR-Library's file of that name, as it is published");
        var numbers = (await File.ReadAllTextAsync(path, cancellation)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var at = 0;
        int Next() => at < numbers.Length && int.TryParse(numbers[at++], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BenchmarkException(BenchmarkException.CannotRun, $"{path} is cut or no file of OR-Library at number {at}");
        var models = new List<BinaryQuadraticModel>();
        for (var count = Next(); count > 0; count--)
        {
            var (variables, entries) = (Next(), Next());
            var builder = new QuadraticModelBuilder(Vartype.Binary);
            for (var i = 0; i < variables; i++) builder.Add(VariableLabel.Of(i));
            for (; entries > 0; entries--)
            {
                var (i, j, value) = (Next() - 1, Next() - 1, Next());
                builder.AddQuadratic(i, j, i == j ? -value : -2 * value);
            }

            models.Add(builder.Build());
        }

        return models.Count == Optima[size].Length && models.TrueForAll(m => m.VariableCount == size)
            ? models
            : throw new BenchmarkException(BenchmarkException.CannotRun, $"{path} does not hold ten problems of {size} variables");
    }
}

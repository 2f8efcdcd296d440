using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Formats;

namespace TrafficFlow.Benchmarks.Solver;

/// <summary>
/// An annealer of others as a program, to compare with: called as `PROGRAM READS SWEEPS SEED`, it reads a model of 0 and 1 as COO from standard input and writes a line `ENERGY SECONDS` for
/// each read.
/// </summary>
internal static class KernelProgram
{
    public static async Task<IReadOnlyList<(double Energy, TimeSpan Elapsed)>> RunAsync(
        string program, BinaryQuadraticModel model, int reads, int sweeps, int seed, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, [.. new[] { reads, sweeps, seed }.Select(n => n.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start) ?? throw new BenchmarkException(BenchmarkException.CannotRun, $"cannot start {program}");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await process.StandardInput.WriteAsync(CooText.Write(model).AsMemory(), cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (process.ExitCode != 0 || lines.Length != reads) throw new BenchmarkException(BenchmarkException.CannotRun, $"{program} ended with {process.ExitCode} and {lines.Length} of {reads} lines");
        return [.. lines.Select(line => line.Split(' ')).Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(p[1], CultureInfo.InvariantCulture))))];
    }
}

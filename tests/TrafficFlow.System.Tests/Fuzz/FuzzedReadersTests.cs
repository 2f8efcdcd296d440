using System.Text.Json;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Fuzz;

/// <summary>A part of a minute of the benchmark `fuzz`, always from the same seed: every input of the kept corpus, and as many others as the machine is fast.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class FuzzedReadersTests
{
    private const string Seed = "1";
    private const string Seconds = "20";
    private static readonly string s_program = Path.Combine(SharedFiles.Repository, "tests", "TrafficFlow.Benchmarks", "bin", Configuration, "net10.0", "TrafficFlow.Benchmarks");

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    [Fact]
    public async Task No_reader_of_foreign_bytes_crashes_hangs_swells_or_takes_what_it_must_not()
    {
        var (code, output, error) = await Tools.TryAsync(s_program, "fuzz", "--seconds", Seconds, "--seed", Seed);

        Assert.True(code == 0, error);
        var figures = JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
        foreach (var harm in new[] { "crashes", "hangs", "over_memory", "wrong_acceptances" })
            Assert.True(figures.GetProperty(harm).GetInt64() == 0, $"{harm} with seed {Seed}; replay one with: benchmarks fuzz --replay FILE\n{error}");
        Assert.True(figures.GetProperty("inputs").GetInt64() > 1000, output);
    }
}

using SharpFuzz;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>
/// This program in another folder, with the assemblies that read foreign bytes instrumented by SharpFuzz: each branch in them counts itself.
/// What is not changed is linked, not copied.
/// </summary>
internal static class InstrumentedCopy
{
    private static readonly string[] s_instrumented =
        ["TrafficFlow.Core.dll", "TrafficFlow.Wire.dll", "TrafficFlow.Vision.dll", "TrafficFlow.Server.dll", "TrafficFlow.Vault.dll", "trafficflow.dll", "CsvHelper.dll"];

    /// <returns>The program to start.</returns>
    public static string Make(string folder)
    {
        var program = typeof(InstrumentedCopy).Assembly.GetName().Name!;
        foreach (var file in Directory.GetFileSystemEntries(AppContext.BaseDirectory))
        {
            var name = Path.GetFileName(file);
            var copy = Path.Combine(folder, name);
            // The host looks for what belongs to it beside the file that a link leads to.
            if (s_instrumented.Contains(name) || name.StartsWith($"{program}.", StringComparison.Ordinal) || name == program) File.Copy(file, copy);
            else File.CreateSymbolicLink(copy, file);
        }

        foreach (var name in s_instrumented) Fuzzer.Instrument(Path.Combine(folder, name), _ => true, Options.Value);
        return Path.Combine(folder, program);
    }
}

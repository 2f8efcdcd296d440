using System.Text.Json;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>What one fuzzing process is to do; its folder holds this, the input in flight, the findings and the result.</summary>
/// <param name="Readers">Empty for all.</param>
/// <param name="Seconds">It ends then, however many inputs there were.</param>
internal sealed record FuzzPlan(int Seed, long Inputs, double Seconds, IReadOnlyList<string> Readers)
{
    public static string File(string folder) => Path.Combine(folder, "plan.json");

    public static string InFlight(string folder) => Path.Combine(folder, "in-flight");

    public static string Result(string folder) => Path.Combine(folder, "result.json");

    public static string Findings(string folder) => Path.Combine(folder, "findings");

    public void Save(string folder) => System.IO.File.WriteAllText(File(folder), JsonSerializer.Serialize(this));

    public static FuzzPlan Load(string folder) => JsonSerializer.Deserialize<FuzzPlan>(System.IO.File.ReadAllText(File(folder)))!;
}

/// <summary>What a reader went through in one fuzzing process.</summary>
internal sealed record ReaderTally(string Name, long Inputs, long Taken, double Seconds, int Edges);

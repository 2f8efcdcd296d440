using System.Diagnostics;
using System.Text;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>An input that a reader does not stand, and how it shows.</summary>
internal sealed record Finding(string Reader, FuzzOutcome Outcome, string What, byte[] Input, string Note, string Trace)
{
    public static Finding Of(FuzzReader reader, FuzzOutcome outcome, Exception cause, byte[] input) => new(
        reader.Name, outcome, $"{cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}", input, reader.Describe(input), cause.StackTrace ?? "");

    /// <summary>The same for inputs that show the same fault.</summary>
    public static string Signature(FuzzReader reader, FuzzOutcome outcome, Exception cause)
    {
        if (outcome != FuzzOutcome.Crash) return $"{reader.Name} {outcome} {Kind(cause.Message)}";
        var frame = new StackTrace(cause).GetFrames().Select(f => f.GetMethod())
            .FirstOrDefault(m => m?.DeclaringType?.FullName?.StartsWith("TrafficFlow", StringComparison.Ordinal) == true);
        return $"{reader.Name} {outcome} {cause.GetType().Name} {frame?.DeclaringType?.FullName}.{frame?.Name}";
    }

    /// <summary>What is found once is told once.</summary>
    public string Key => $"{Reader} {Outcome} {Kind(What)}";

    /// <summary>Without what the input itself brings in.</summary>
    private static string Kind(string message) => new([.. message.Split('"')[0].Where(c => !char.IsAsciiDigit(c)).Take(80)]);

    public void Save(string file) => File.WriteAllText(file, new StringBuilder()
        .AppendLine($"reader {Reader}").AppendLine($"outcome {Outcome}").AppendLine($"what {What}").AppendLine($"note {Note.ReplaceLineEndings(" ")}")
        .AppendLine($"hex {Convert.ToHexStringLower(Input)}").AppendLine($"text {Printable(Input)}").AppendLine(Trace).ToString());

    /// <exception cref="BenchmarkException">It is no such file.</exception>
    public static Finding Load(string file)
    {
        var lines = File.ReadAllLines(file);
        return new Finding(Part("reader"), Enum.Parse<FuzzOutcome>(Part("outcome")), Part("what"), Convert.FromHexString(Part("hex")), Part("note"), "");

        string Part(string name) => lines.FirstOrDefault(l => l.StartsWith($"{name} ", StringComparison.Ordinal))?[(name.Length + 1)..]
            ?? throw new BenchmarkException(BenchmarkException.CannotRun, $"{file} has no line \"{name} …\": give a file that the fuzzer wrote");
    }

    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, 400)]) text.Append(b is >= 32 and < 127 ? (char)b : '.');
        return text.ToString();
    }
}

using System.Reflection;
using System.Security.Cryptography;
using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.BuiltIn;

/// <summary>
/// The weights of our own detector, embedded in this assembly beside the sums that they were released with. src/TrafficFlow.Training makes
/// them. They lie where no node without cameras reads them.
/// </summary>
/// <param name="Wanted">What the settings ask for.</param>
/// <param name="Support">Of the processor.</param>
public sealed record BuiltInWeights(BuiltInPrecision Wanted, Int8Support Support) : IEmbeddedModel
{
    private const string Sums = "SHA256SUMS";

    /// <summary>Threads, threshold and all else null take their defaults.</summary>
    public static OnnxModelSettings Model(string name, BuiltInPrecision precision, float? threshold = null, int? threads = null)
    {
        var weights = new BuiltInWeights(precision, Int8Support.OfThisMachine);
        return new OnnxModelSettings(name, weights.ToString(), OnnxLayout.Boxes, threshold, Threads: threads) { Embedded = weights };
    }

    /// <summary>What is used.</summary>
    public BuiltInPrecision Precision => Wanted == BuiltInPrecision.Int8 && Support.Obstacle is not null ? BuiltInPrecision.Float32 : Wanted;

    public string? Note => Precision == Wanted ? null : $"{Precision.Name()} instead of {Wanted.Name()}: {Support.Obstacle}";

    public byte[] Read() => Checked(Resource(FileName), FileName, System.Text.Encoding.UTF8.GetString(Resource(Sums)));

    public override string ToString() => $"the detector in the box ({Precision.Name()})";

    /// <param name="bytes">Of the weights.</param>
    /// <param name="sums">As sha256sum writes them: sum, two spaces, file name.</param>
    /// <exception cref="DetectorException">The sum of the bytes is another.</exception>
    internal static byte[] Checked(byte[] bytes, string file, string sums)
    {
        var expected = sums.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length == 2 && words[1] == file)?[0];
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (found == expected) return bytes;
        throw new DetectorException(
            $"the detector in the box is damaged, or of another version than this program: expected {file} with SHA-256 {expected ?? "(not listed)"}, "
            + $"found {bytes.Length} bytes with {found}: install trafficflow again, or name another detector");
    }

    private string FileName => Precision == BuiltInPrecision.Int8 ? "vehicles_int8.onnx" : "vehicles.onnx";

    private static byte[] Resource(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"weights/{file}")
            ?? throw new DetectorException($"the detector in the box is not in this program: expected {file} as a part of it, found none: install trafficflow again");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

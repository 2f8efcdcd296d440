using System.Globalization;
using System.Text;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Calibrate;

/// <summary>Keeps typed points that gave no calibration: nobody types a survey twice.</summary>
internal static class TypedPoints
{
    /// <summary>Writes them beside, over no other file.</summary>
    /// <returns>A sentence on where they are.</returns>
    public static string Keep(CameraId camera, IReadOnlyList<GroundReference> points)
    {
        var text = new StringBuilder("x,y,east,north\n");
        foreach (var p in points) text.Append(CultureInfo.InvariantCulture, $"{p.Image.X},{p.Image.Y},{p.EastMetres},{p.NorthMetres}\n");
        // A link that leads nowhere is there too.
        var file = Enumerable.Range(1, 1000).Select(i => $"{camera}-points{(i == 1 ? "" : $"-{i}")}.csv").First(f => new FileInfo(f) is { Exists: false, LinkTarget: null });
        try
        {
            using var kept = new StreamWriter(FileDraft.Create(file));
            kept.Write(text);
            return $"What you typed is kept in {file}: correct it and go on with --points {file}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"What you typed, for --points FILE.csv ({e.Message}):{Environment.NewLine}{text}";
        }
    }
}

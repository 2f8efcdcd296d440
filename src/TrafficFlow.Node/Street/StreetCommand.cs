using System.CommandLine;
using System.Globalization;
using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Mark;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Views;

namespace TrafficFlow.Node.Street;

/// <summary>`trafficflow street`: a synthetic view as a site file and the truth of its gates, so that `count` and `score` work on it.</summary>
public static class StreetCommand
{
    private static readonly FrameFormat s_frame = new(640, 360, 10);

    public static Command Create()
    {
        var source = new Argument<string>("VIEW") { Description = $"The view and its length; {SyntheticSource.Form}." };
        var folder = new Option<string>("--out") { Description = "Folder for site.conf and truth.csv; made when absent.", HelpName = "DIR", DefaultValueFactory = _ => "street" };
        var command = new Verb(
            "street",
            "Lays gates into a random view of the simulated street and writes site.conf and truth.csv: to try what `count` makes of it.",
            "trafficflow street \"synthetic:view?view=42&seconds=60\" --out street",
            "trafficflow count \"synthetic:view?view=42&seconds=60\" --site street/site.conf --out street",
            "trafficflow score --truth street/truth.csv --counted street/crossings.csv --tolerance 1")
        {
            source, folder,
        };
        command.SetAction(p => Run(p.GetRequiredValue(source), p.GetValue(folder)!));
        return command;
    }

    private static int Run(string text, string folder)
    {
        SyntheticSource source;
        try
        {
            source = SyntheticSource.Parse(text);
        }
        catch (FrameSourceException wrong)
        {
            throw new UsageException(wrong.Message);
        }

        if (!source.IsView) throw new UsageException($"{text} is a camera of the junction, whose site file is hocon/sites/demo.conf: write synthetic:view?view=42&seconds=60");
        if (source.Seconds is null) throw new UsageException($"{text} has no end: say how long, for example {text}&seconds=60");
        var view = source.View((double)s_frame.Width / s_frame.Height);
        var site = StreetSite.Of(view, text, s_frame);
        var truth = StreetTruth.Of(source, view, s_frame);
        try
        {
            Directory.CreateDirectory(folder);
            FileDraft.Write(Path.Combine(folder, "site.conf"), SiteText(site));
            TruthFile.Save(Path.Combine(folder, "truth.csv"), [.. truth.Select(t => t.ToTruth(source.Lighting.Name))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{folder} cannot be written: {e.Message}", e);
        }

        foreach (var gate in view.Gates) Console.WriteLine($"{gate.Name}: {truth.Count(t => t.Gate == gate.Gate.Id && !t.IsOptional)} crossings, {truth.Count(t => t.Gate == gate.Gate.Id && t.IsOptional)} more may be counted or not");
        Console.WriteLine($"written: {Path.Combine(folder, "site.conf")}, {Path.Combine(folder, "truth.csv")}");
        return ExitCodes.Done;
    }

    private static string SiteText(Site site)
    {
        var camera = site.Cameras[0];
        var text = new StringBuilder();
        Line($"# A random view of the simulated street, by `trafficflow street`. Gates lie across the carriageways that it sees well enough.");
        Line($"trafficflow.site {{");
        Line($"  id = {site.Id}");
        Line($"  time-zone = \"UTC\"");
        Line($"  approaches {{");
        foreach (var approach in site.Approaches) Line($"    {approach.Id} {{ name = \"{approach.Name}\" }}");
        Line($"  }}");
        Line($"  cameras {{");
        Line($"    {camera.Id} {{");
        Line($"      source = \"{camera.Source}\"");
        Line($"      frame {{ width = {camera.Frame.Width}, height = {camera.Frame.Height}, fps = {camera.Frame.FramesPerSecond} }}");
        Line($"      detector = {camera.Detector}");
        Line($"      masks = []");
        Line($"      gates {{");
        foreach (var gate in camera.Gates)
            Line($"        {gate.Id} {{ from = {At(gate.From)}, to = {At(gate.To)}{Meaning("forward", gate.Forward)}{Meaning("backward", gate.Backward)} }}");
        Line($"      }}");
        if (camera.Plane is not null) text.Append(GroundBlock.Write(camera.Ground, null, camera.Lens, "points of the simulated road", "      "));
        Line($"    }}");
        Line($"  }}");
        Line($"}}");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string At(PicturePoint p) => FormattableString.Invariant($"[{p.X:0.####}, {p.Y:0.####}]");

    private static string Meaning(string direction, GateMeaning? meaning) =>
        meaning is null ? "" : $", {direction} = {{ {(meaning.Role == GateRole.Enters ? "enters" : "exits")} = {meaning.Approach} }}";
}

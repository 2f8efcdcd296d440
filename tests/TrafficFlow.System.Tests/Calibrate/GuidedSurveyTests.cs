using TrafficFlow.Core.Calibration;
using TrafficFlow.Node;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Calibrate;

/// <summary>`trafficflow calibrate` on a terminal: what it asks, and what becomes of the answers.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class GuidedSurveyTests : IDisposable
{
    private const string Place = "in the picture (x,y)";
    private const string Metres = "on the ground";

    private static readonly IReadOnlyList<GroundReference> s_surveyed = [.. SyntheticJunction.Site.Cameras[0].Ground.Take(6)];

    private readonly SettingsFolder _folder = new();
    private readonly string _site;

    public GuidedSurveyTests() => _site = _folder.Write("site.conf", """
        trafficflow.site {
          id = street, time-zone = "UTC"
          approaches { north { name = north } }
          cameras {
            cam1 {
              source = "synthetic:north?seconds=3"
              frame { width = 640, height = 360, fps = 10 }
              detector = motion
              gates { in { from = [0.4, 0.4], to = [0.6, 0.4], forward = { enters = north } } }
            }
          }
        }
        """);

    [Fact]
    public async Task Typed_places_are_written_into_the_site_file_where_that_is_wanted()
    {
        await using var terminal = await AskedAsync("");
        await terminal.AnswerAsync($"place 1 {Place}", "abc");
        await terminal.AnswerAsync("write 2 numbers, divided by commas, from 0 to 1", "0.5");
        await terminal.AnswerAsync("write 2 numbers, divided by commas, from 0 to 1", "0.1,0.9");
        await terminal.AnswerAsync(Metres, "-");
        foreach (var point in s_surveyed) await TypeAsync(terminal, point);
        await TypeAsync(terminal, new GroundReference(new(0.9, 0.9), 99, 99));
        await terminal.AnswerAsync($"place 8 {Place}", "-");
        await terminal.AnswerAsync($"place 7 {Place}", "");
        await terminal.AnswerAsync($"Write it into {_site}?", "y");

        Assert.Equal(ExitCodes.Done, await terminal.WaitAsync());
        var camera = SiteSettings.Load(_site).Site.Cameras[0];
        Assert.Equal(s_surveyed, camera.Ground);
        Assert.Contains($"Written to {_site}: calibration {camera.Plane!.Version}.", terminal.Screen, StringComparison.Ordinal);
        Assert.Contains("# trafficflow calibrate: from places that were typed in; error ", File.ReadAllText(_site), StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(_folder.Path, "cam1-picture.png")).Length > 50_000);
    }

    [Fact]
    public async Task Lane_widths_that_are_asked_for_give_a_rough_plane()
    {
        await using var terminal = await AskedAsync(Terminal.Down, "--write");
        await terminal.AnswerAsync("width of a lane", "3,1");
        await terminal.AnswerAsync("write a number from 2 to 6, with a point for decimals", "3.1");
        await terminal.AnswerAsync("line 1", "0.4883,0.3172,0.4907,0.1299");
        await terminal.AnswerAsync("line 2", "0.5618,0.3169,0.5400,0.1298");
        await terminal.AnswerAsync("line 3", "0.6353,0.3167,0.5892,0.1297");
        await terminal.AnswerAsync("line 4", "");
        await terminal.AnswerAsync("horizontal field of view", "71");

        Assert.Equal(ExitCodes.Done, await terminal.WaitAsync());
        Assert.True(SiteSettings.Load(_site).Site.Cameras[0].Plane!.IsErrorEstimated);
        Assert.Contains("from 3 lane lines", File.ReadAllText(_site), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Terminal.CtrlC)]
    [InlineData(Terminal.CtrlD)]
    public async Task Who_gives_up_gets_the_terminal_back_and_keeps_the_places(string key)
    {
        await using var terminal = await AskedAsync("");
        await TypeAsync(terminal, s_surveyed[0]);
        await TypeAsync(terminal, s_surveyed[1]);
        await terminal.SayAsync($"place 3 {Place}");
        await terminal.TypeAsync(key);

        Assert.Equal(ExitCodes.Failed, await terminal.WaitAsync());
        Assert.Contains("\ntrafficflow: interrupted before the job was done. What you typed is kept in cam1-points.csv", terminal.Screen, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(_folder.Path, "cam1-points.csv")).Length);
        Assert.Empty(SiteSettings.Load(_site).Site.Cameras[0].Ground);
    }

    [Fact]
    public async Task Giving_up_at_the_menu_shows_the_cursor_again()
    {
        await using var terminal = Terminal.Start(_folder.Path, "calibrate", "--site", _site);
        await terminal.SayAsync("I know nothing");
        await terminal.TypeAsync(Terminal.CtrlC);

        Assert.Equal(ExitCodes.Failed, await terminal.WaitAsync());
        var told = terminal.Screen.IndexOf("trafficflow: interrupted", StringComparison.Ordinal);
        Assert.InRange(terminal.Screen.LastIndexOf(Terminal.ShownCursor, StringComparison.Ordinal), 0, told);
    }

    [Fact]
    public async Task Places_that_are_no_survey_are_kept_to_be_corrected()
    {
        await using var terminal = await AskedAsync("", "--write");
        foreach (var point in s_surveyed) await TypeAsync(terminal, point with { EastMetres = -point.EastMetres });
        await terminal.AnswerAsync($"place 7 {Place}", "");

        Assert.Equal(ExitCodes.Failed, await terminal.WaitAsync());
        Assert.Contains("are mirrored", terminal.Screen, StringComparison.Ordinal);
        var kept = File.ReadAllText(Path.Combine(_folder.Path, "cam1-points.csv")).Split('\n');
        Assert.Equal("x,y,east,north", kept[0]);
        Assert.Equal(s_surveyed.Count, kept.Length - 2);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Past the menu, in which <paramref name="steps"/> were gone down.</summary>
    private async Task<Terminal> AskedAsync(string steps, params string[] options)
    {
        var terminal = Terminal.Start(_folder.Path, ["calibrate", "--site", _site, .. options]);
        await terminal.SayAsync("I know nothing");
        await terminal.TypeAsync(steps + "\r");
        return terminal;
    }

    private static async Task TypeAsync(Terminal terminal, GroundReference point)
    {
        await terminal.AnswerAsync(Place, FormattableString.Invariant($"{point.Image.X},{point.Image.Y}"));
        await terminal.AnswerAsync(Metres, FormattableString.Invariant($"{point.EastMetres} {point.NorthMetres}"));
    }
}

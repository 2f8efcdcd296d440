using System.Diagnostics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Views;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Street;

public sealed class StreetVerbTests : IDisposable
{
    private const string View = "synthetic:view?view=4&seconds=40";
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task A_view_is_written_as_a_site_and_its_truth()
    {
        var (code, _, error) = await RunAsync("street", View, "--out", _folder.Path);

        Assert.Equal("", error);
        Assert.Equal(ExitCodes.Done, code);
        var camera = Assert.Single(SiteSettings.Load(Path.Combine(_folder.Path, "site.conf")).Site.Cameras);
        var source = SyntheticSource.Parse(View);
        var view = source.View(16.0 / 9);
        Assert.Equal(View, camera.Source);
        Assert.Equal(view.Gates.Select(g => g.Gate), camera.Gates);
        Assert.Equal(view.Camera.Lens, camera.Lens);
        Assert.NotNull(camera.Plane);
        var truth = StreetTruth.Of(source, view, new FrameFormat(640, 360, 10));
        Assert.NotEmpty(truth);
        var read = CrossingFiles.ReadTruth(Path.Combine(_folder.Path, "truth.csv"));
        Assert.Equal(
            truth.Select(t => (t.Gate, t.Direction, t.IsOptional, Class: (Core.Detection.VehicleClass?)t.Class)).OrderBy(t => t.ToString()),
            read.Select(t => (t.Gate, t.Direction, t.IsOptional, t.Class)).OrderBy(t => t.ToString()));
    }

    [Theory]
    [InlineData("synthetic:north?seconds=9", "is a camera of the junction")]
    [InlineData("synthetic:view?view=4", "has no end")]
    [InlineData("synthetic:view?view=4&speed=3&seconds=9", "option \"speed=3\"")]
    public async Task What_is_no_view_with_an_end_is_refused(string source, string why)
    {
        var (code, _, error) = await RunAsync("street", source, "--out", _folder.Path);

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains(why, error);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ExitCodes).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

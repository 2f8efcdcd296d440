using System.Text.Json;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Packaging;

/// <summary>deploy/sbom.sh as it is run for a release.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class SbomTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task The_bill_of_materials_has_every_package_that_is_shipped_with_its_licence()
    {
        var file = Path.Combine(_folder.Path, "trafficflow.cdx.json");
        await Tools.RunAsync(Path.Combine(SharedFiles.Repository, "deploy", "sbom.sh"), file);

        using var bill = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal(("CycloneDX", "1.6"), (bill.RootElement.GetProperty("bomFormat").GetString(), bill.RootElement.GetProperty("specVersion").GetString()));
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToList();
        Assert.All(components, c => Assert.True(c.TryGetProperty("licenses", out var all) && all.GetArrayLength() > 0, $"{c.GetProperty("name")} has no licence"));
        Assert.DoesNotContain("\"Unknown", bill.RootElement.GetRawText());

        var named = components.Select(c => c.GetProperty("name").GetString() + "/" + (c.TryGetProperty("version", out var version) ? version.GetString() : "")).ToHashSet();
        Assert.DoesNotContain(Restored(), p => !named.Contains(p));
        Assert.Equal(components.Count, components.Select(c => c.GetProperty("bom-ref").GetString()).Distinct().Count());
        foreach (var other in new[] { "ffmpeg", "Microsoft.NETCore.App", "vehicles.onnx" }) Assert.Contains(named, n => n!.StartsWith($"{other}/", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>NAME/VERSION of what the executable was restored with.</summary>
    private static IEnumerable<string> Restored()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedFiles.Repository, "src", "TrafficFlow.Node", "obj", "project.assets.json")));
        return [.. assets.RootElement.GetProperty("libraries").EnumerateObject().Where(l => l.Value.GetProperty("type").GetString() == "package").Select(l => l.Name)];
    }
}

using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class EffectiveSettingTests
{
    [Fact]
    public void Every_layer_is_told_with_the_line_that_won()
    {
        using var node = new NodeFolder(
            NodeFolder.Live.Replace("synthetic:north", "rtsp://viewer:secret@127.0.0.1:9/live"), "outbox.batch-entries = 77");

        var loaded = NodeSettings.Load(node.Config);
        var settings = loaded.Effective.Concat(loaded.Sites.SelectMany(EffectiveSetting.OfSite)).ToDictionary(s => s.Key);

        Assert.Equal(("[roadside, server]", "node.conf:3"), Shown("trafficflow.node.roles"));
        Assert.DoesNotContain(settings.Keys, k => k.StartsWith("trafficflow.node.remoting", StringComparison.Ordinal));
        Assert.StartsWith("common.conf:", settings["trafficflow.node.bins.lateness"].Written);
        Assert.Equal("2m", settings["trafficflow.node.bins.lateness"].Value);
        Assert.Equal(("77", "node.conf:9"), Shown("trafficflow.actors.outbox.batch-entries"));
        Assert.Equal(("5s", ""), Shown("trafficflow.actors.camera.coverage-interval"));
        Assert.Equal("rtsp://***@127.0.0.1:9/live", settings["trafficflow.site.cameras.cam1.source"].Value);
        Assert.DoesNotContain(settings.Values, s => s.Value.Contains("secret", StringComparison.Ordinal));

        (string, string) Shown(string key) => (settings[key].Value, settings[key].Written);
    }

    [Fact]
    public void The_data_directory_is_found_in_a_file_that_has_problems_elsewhere()
    {
        using var node = new NodeFolder("this is no site file");
        Assert.Throws<SettingsException>(() => NodeSettings.Load(node.Config));

        Assert.Equal(node.Data, NodeSettings.DataDirectoryOf(node.Config));
    }

    [Fact]
    public void A_file_without_a_data_directory_is_told_as_that()
    {
        using var node = new NodeFolder(NodeFolder.Live);

        Assert.Contains(Assert.Throws<SettingsException>(() => NodeSettings.DataDirectoryOf(node.SiteFile)).Problems, p => p.ToString().Contains("node: is missing"));
        Assert.Contains(Assert.Throws<SettingsException>(() => NodeSettings.DataDirectoryOf(node.Config + "x")).Problems, p => p.ToString().Contains("there is no such file"));
    }
}

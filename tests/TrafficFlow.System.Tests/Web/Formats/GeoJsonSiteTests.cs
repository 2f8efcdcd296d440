using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Geo;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>A site on the map.</summary>
public sealed class GeoJsonSiteTests
{
    [Fact]
    public void A_site_has_its_approaches_and_gates_on_the_map()
    {
        var features = GeoJsonSite.Of(FlowSamples.Site)["features"]!.AsArray().Select(f => f!.AsObject()).ToDictionary(f => f["id"]!.GetValue<string>());

        Assert.Equal(["a", "a/north", "a/south", "a/cam1/n-in", "a/cam1/s_out"], features.Keys);
        Assert.Equal(["Point", "Point", "Point", "LineString", "LineString"], features.Values.Select(f => f["geometry"]!["type"]!.GetValue<string>()));
        var gate = features["a/cam1/n-in"];
        Assert.Equal(
            ["gate", "cam1", "n-in", "enters north", "exits north"],
            new[] { "kind", "camera", "gate", "forward", "backward" }.Select(n => gate["properties"]![n]!.GetValue<string>()));
        Assert.Null(features["a/cam1/s_out"]["properties"]!["forward"]);
    }

    /// <summary>The plane's north is east here: the camera looks east, and who comes down its picture drives west.</summary>
    [Fact]
    public void The_bearing_of_the_site_turns_what_is_measured()
    {
        var features = GeoJsonSite.Of(FlowSamples.Site)["features"]!.AsArray().Select(f => f!.AsObject()).ToDictionary(f => f["id"]!.GetValue<string>());

        Assert.Equal(270, features["a/north"]["properties"]!["bearing_deg"]!.GetValue<double>(), 0.1);
        // A gate across the picture lies along true north: one longitude, and its left end in the north.
        var ends = features["a/cam1/n-in"]["geometry"]!["coordinates"]!.AsArray().Select(c => (Longitude: c![0]!.GetValue<double>(), Latitude: c[1]!.GetValue<double>())).ToList();
        Assert.Equal(ends[0].Longitude, ends[1].Longitude, 1e-6);
        Assert.True(ends[0].Latitude > ends[1].Latitude);
    }

    [Fact]
    public void A_gate_of_a_camera_without_calibration_is_named_and_not_placed()
    {
        var conf = SettingsFolder.GoodSite.Replace("name = Crossing", "geo { latitude = -33.9, longitude = 151.2 }", StringComparison.Ordinal);
        var site = FlowSamples.Load(conf[..conf.IndexOf("ground = [", StringComparison.Ordinal)] + "}\n }\n }\n");

        var map = GeoJsonSite.Of(site);

        Assert.Equal("a", Assert.Single(map["features"]!.AsArray())!["id"]!.GetValue<string>());
        Assert.Equal(
            ["cam1 n-in: its camera is not calibrated", "cam1 s_out: its camera is not calibrated"],
            map["unplaced"]!.AsArray().Select(u => $"{u!["camera"]} {u["gate"]}: {u["reason"]}"));
        Assert.Equal([151.2, -33.9, 151.2, -33.9], map["bbox"]!.AsArray().Select(n => n!.GetValue<double>()));
    }

    [Fact]
    public void A_site_that_does_not_say_where_it_lies_is_refused_with_the_remedy() => Assert.Equal(
        "GeoJSON needs the place of site a on the earth: add geo { latitude = …, longitude = … } to its site file (hocon/sites/kokandori.conf explains it) and reload it",
        Assert.Throws<FormatRefusedException>(() => GeoJsonSite.Of(FlowSamples.WithoutPlace)).Message);
}

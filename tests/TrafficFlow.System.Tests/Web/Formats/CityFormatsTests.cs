using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Formats.Jartic;
using TrafficFlow.Web.Formats.Ngsi;
using TrafficFlow.Web.Formats.Tables;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>What a city takes: the columns of JARTIC, NGSI-LD entities, DATEX II publications.</summary>
public sealed class CityFormatsTests
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly DatexPublisher s_publisher = new("jp", "kawasaki", "ja");
    private static readonly ILookup<Core.Sites.ApproachId, Movement> s_none = Array.Empty<Movement>().ToLookup(_ => FlowSamples.North);

    private static readonly FlowRow s_lorries = new(Movement.Entering, VehicleClass.HeavyGoods, new FlowSums(2, 0, 2, 0, 0, 0));
    private static readonly FlowRow s_unknown = new(Movement.Exiting, VehicleClass.Unclassified, new FlowSums(5, 1, 1, 0, 0, 0));

    [Fact]
    public async Task Jartic_has_small_large_and_unknown_both_ways_and_a_number_only_for_what_was_watched_wholly()
    {
        var station = new JarticStation(FlowSamples.North, "3110640") { RoadType = 3, Bureau = 83 };
        FlowTableRow[] rows =
        [
            .. Bin(0, FlowSamples.Full(0, FlowSamples.Cars(7), s_lorries, s_unknown)),
            .. Bin(5, FlowSamples.Full(5)),
            .. Bin(10, FlowSamples.Bin(10, BinQuality.Blind, TimeSpan.Zero, 1)),
            .. Bin(15, null),
            .. Bin(20, FlowSamples.Full(20, FlowSamples.Cars(3))).Select(r => r with { Withheld = r.Movement == "entering" && r.Class == "bus" ? CellState.Suppressed : null }),
            .. Bin(25, FlowSamples.Bin(25, BinQuality.Partial, TimeSpan.FromMinutes(2.5), 2, FlowSamples.Cars(4))),
        ];

        Assert.Equal(
            "FID,地方整備局等番号,開発建設部／都道府県コード,常時観測点コード,収集時間フラグ（5分間／1時間）,観測年月日,時間帯,"
            + "上り・小型交通量,上り・大型交通量,上り・車種判別不能交通量,上り・停電,上り・ループ異常,上り・超音波異常,上り・欠測,"
            + "下り・小型交通量,下り・大型交通量,下り・車種判別不能交通量,下り・停電,下り・ループ異常,下り・超音波異常,下り・欠測,"
            + "道路種別,時間コード,経度,緯度,上り・観測秒数,上り・品質,上り・改訂番号,上り・秘匿,下り・観測秒数,下り・品質,下り・改訂番号,下り・秘匿\r\n"
            + "3110640.202604010800,83,,3110640,1,20260401,800,7,2,0,0,0,0,0,1,1,3,0,0,0,0,3,202604010800,PLACE,300,complete,1,0,300,complete,1,0\r\n"
            + "3110640.202604010805,83,,3110640,1,20260401,805,0,0,0,0,0,0,0,0,0,0,0,0,0,0,3,202604010805,PLACE,300,complete,1,0,300,complete,1,0\r\n"
            + "3110640.202604010810,83,,3110640,1,20260401,810,,,,0,0,0,1,,,,0,0,0,1,3,202604010810,PLACE,0,blind,1,0,0,blind,1,0\r\n"
            + "3110640.202604010815,83,,3110640,1,20260401,815,,,,0,0,0,1,,,,0,0,0,1,3,202604010815,PLACE,0,missing,,0,0,missing,,0\r\n"
            + "3110640.202604010820,83,,3110640,1,20260401,820,,,,0,0,0,0,0,0,0,0,0,0,0,3,202604010820,PLACE,300,complete,1,1,300,complete,1,0\r\n"
            + "3110640.202604010825,83,,3110640,1,20260401,825,,,,0,0,0,1,,,,0,0,0,1,3,202604010825,PLACE,150,partial,2,0,150,partial,2,0\r\n",
            (await FlowSamples.TextAsync(new JarticFormat(FlowSamples.Site, [station], withCoverage: true), rows)).Replace("139.7101018,35.5199939", "PLACE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jartic_has_the_published_columns_and_no_other_unless_asked()
    {
        var lines = (await FlowSamples.TextAsync(new JarticFormat(FlowSamples.WithoutPlace, JarticStation.Of(FlowSamples.WithoutPlace)), Bin(0, FlowSamples.Full(0)))).Split("\r\n");

        Assert.Equal(25, JarticFormat.Columns.Count);
        Assert.Equal(string.Join(',', JarticFormat.Columns), lines[0]);
        Assert.Equal("a-north.202604010800,,,a-north,1,20260401,800,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,202604010800,,", lines[1]);
    }

    [Fact]
    public async Task Jartic_counts_the_total_of_all_classes_once()
    {
        var row = FlowSamples.Row(0, FlowSamples.Full(0, FlowSamples.Cars(7)));
        FlowTableRow[] rows = [row, row with { Class = FlowTableRow.AllClasses, Count = 9, Small = 7, Large = 1 }];

        var text = await FlowSamples.TextAsync(new JarticFormat(FlowSamples.Site, JarticStation.Of(FlowSamples.Site)), rows);

        Assert.Contains(",800,7,1,1,0,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jartic_says_no_zero_where_a_total_was_released_without_sizes()
    {
        var total = FlowSamples.EveryState[0] with { Class = FlowTableRow.AllClasses, Small = null, Large = null };

        var text = await FlowSamples.TextAsync(new JarticFormat(FlowSamples.Site, JarticStation.Of(FlowSamples.Site)), [total]);

        Assert.Contains(",800,,,7,0,0,0,0,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jartic_refuses_bins_of_another_length()
    {
        var hour = FlowSamples.EveryState[0] with { Duration = BinDuration.Hour };

        var refused = await Assert.ThrowsAsync<FormatRefusedException>(() => FlowSamples.TextAsync(new JarticFormat(FlowSamples.Site, JarticStation.Of(FlowSamples.Site)), [hour]));

        Assert.Equal("JARTIC's table holds bins of 5 minutes, not of 60 min: ask for bins of 5 minutes", refused.Message);
    }

    [Fact]
    public void An_entity_of_who_enters_is_a_traffic_flow()
    {
        var entity = new NgsiEntities(FlowSamples.Site).Of(FlowSamples.EveryState[0]);

        Assert.Equal(
            """
            {"id":"urn:ngsi-ld:TrafficFlowObserved:a:north:entering:passenger-car:5min","type":"TrafficFlowObserved",
            "dateObserved":{"type":"Property","value":"2026-03-31T23:00:00Z/2026-03-31T23:05:00Z"},
            "dateObservedFrom":{"type":"Property","value":{"@type":"DateTime","@value":"2026-03-31T23:00:00Z"}},
            "dateObservedTo":{"type":"Property","value":{"@type":"DateTime","@value":"2026-03-31T23:05:00Z"}},
            "intensity":{"type":"Property","value":7,"observedAt":"2026-03-31T23:05:00Z","unitCode":"C62"},
            "averageVehicleSpeed":{"type":"Property","value":36,"observedAt":"2026-03-31T23:05:00Z","unitCode":"KMH"},
            "laneDirection":{"type":"Property","value":"forward"},"vehicleType":{"type":"Property","value":"car"},
            "vehicleSubType":{"type":"Property","value":"passenger-car"},
            "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[139.7101018,35.5199939]}},
            "name":{"type":"Property","value":"交差点 Road 北"},"approach":{"type":"Property","value":"north"},"movement":{"type":"Property","value":"entering"},
            "observedSeconds":{"type":"Property","value":300,"observedAt":"2026-03-31T23:05:00Z","unitCode":"SEC"},
            "quality":{"type":"Property","value":"complete","observedAt":"2026-03-31T23:05:00Z"},
            "state":{"type":"Property","value":"counted","observedAt":"2026-03-31T23:05:00Z"},
            "suppressed":{"type":"Property","value":false,"observedAt":"2026-03-31T23:05:00Z"},
            "revision":{"type":"Property","value":1,"observedAt":"2026-03-31T23:05:00Z"},
            "siteHash":{"type":"Property","value":"0123456789abcdef"},"model":{"type":"Property","value":"trafficflow 7"},"calibration":{"type":"Property","value":"c0ffee"},
            "@context":["https://raw.githubusercontent.com/smart-data-models/dataModel.Transportation/master/context.jsonld",
            "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld"]}
            """.ReplaceLineEndings(""),
            entity.ToJsonString(s_plain));
    }

    [Fact]
    public void An_entity_of_a_turn_is_a_flow_of_items()
    {
        var simple = NgsiEntities.KeyValues(new NgsiEntities(FlowSamples.Site).Of(FlowSamples.Row(0, FlowSamples.Full(0, FlowSamples.Cars(2, new Movement("to south"))), new Movement("to south"))));

        Assert.Equal("urn:ngsi-ld:ItemFlowObserved:a:north:to-south:passenger-car:5min", simple["id"]!.GetValue<string>());
        Assert.Equal(
            ["2", "36", "vehicle", "passenger-car", "1", "2026-03-31T23:05:00Z", "2026-03-31T23:00:00Z"],
            new[] { "intensity", "averageSpeed", "itemType", "itemSubType", "laneId", "dateObserved", "dateObservedFrom" }.Select(n => simple[n]!.ToString()));
    }

    [Fact]
    public void An_entity_has_a_number_only_where_there_is_one()
    {
        var entities = FlowSamples.EveryState.Select(r => NgsiEntities.KeyValues(new NgsiEntities(FlowSamples.Site).Of(r)));

        Assert.Equal(
            ["7 complete counted", "0 complete counted", " blind missing", " missing missing", " complete suppressed", "4 partial counted", " complete coarsened", " complete pending"],
            entities.Select(e => $"{e["intensity"]} {e["quality"]} {e["state"]}"));
    }

    [Fact]
    public async Task Without_a_place_a_turn_is_refused_and_a_traffic_flow_has_no_location()
    {
        var entities = new NgsiEntities(FlowSamples.WithoutPlace);

        Assert.False(entities.Of(FlowSamples.EveryState[0]).ContainsKey("location"));
        var refused = Assert.Throws<FormatRefusedException>(() => entities.Of(FlowSamples.EveryState[0] with { Movement = "to south" }));
        Assert.StartsWith("An NGSI-LD ItemFlowObserved needs the place of site a on the earth: add geo { latitude = …, longitude = … } to its site file", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatRefusedException>(() => DatexSiteTable.WriteAsync(FlowSamples.WithoutPlace, s_publisher, FlowSamples.AsOf, s_none, Stream.Null, CancellationToken.None));
    }

    [Fact]
    public void An_entity_takes_only_what_is_newer()
    {
        var newest = new NewestOnly();
        FlowTableRow[] order =
        [
            FlowSamples.Row(0, FlowSamples.Full(0)), FlowSamples.Row(5, FlowSamples.Full(5)), FlowSamples.Row(0, FlowSamples.Full(0)) with { Revision = 2 },
            FlowSamples.Row(5, FlowSamples.Full(5)), FlowSamples.Row(5, FlowSamples.Full(5)) with { Revision = 2 }, FlowSamples.Row(0, FlowSamples.Full(0), Movement.Exiting),
        ];

        Assert.Equal([true, true, false, false, true, true], order.Select(newest.Admit));
    }

    [Fact]
    public async Task A_datex_publication_has_a_value_a_fault_or_both()
    {
        var xml = XDocument.Parse(Encoding.UTF8.GetString(await FlowSamples.BytesAsync(new DatexMeasuredData(FlowSamples.Site, s_publisher), FlowSamples.EveryState)));

        Assert.Equal(
            [
                "5:- 7:84  6:- 7::36", "5:- 0:0", "5:noDataValuesAvailable -:", "5:noDataValuesAvailable -:", "5:suppressed -:",
                "5:intermittentDataValues 4:48  6:intermittentDataValues 4::36", "5:coarsened -:", "5:pending -:",
            ],
            xml.Descendants(Road("siteMeasurements")).Select(s => string.Join("  ", s.Elements(Road("physicalQuantity")).Select(Told))));
        Assert.All(xml.Descendants(Road("measurementSiteReference")), r => Assert.Equal("a.north.entering", r.Attribute("id")!.Value));
        Assert.Equal("2026-04-01T08:00:00+09:00", xml.Descendants(XName.Get("startOfPeriod", DatexXml.Common)).First().Value);

        static string Told(XElement indexed)
        {
            var fault = indexed.Descendants(Road("physicalQuantityFaultType")).SingleOrDefault();
            var rate = indexed.Descendants(XName.Get("vehicleFlowRate", DatexXml.Common)).SingleOrDefault()?.Value;
            var speed = indexed.Descendants(XName.Get("speed", DatexXml.Common)).SingleOrDefault()?.Value;
            var count = indexed.Descendants(XName.Get("bin", DatexExtension.Namespace)).Single().Attribute("count")?.Value ?? "-";
            return $"{indexed.Attribute("index")!.Value}:{fault?.Attribute("_extendedValue")?.Value ?? fault?.Value ?? "-"} {count}:{rate}{(speed is null ? "" : $":{speed}")}";
        }
    }

    [Fact]
    public async Task A_datex_site_table_says_what_each_measurement_refers_to()
    {
        using var written = new MemoryStream();
        await DatexSiteTable.WriteAsync(FlowSamples.Site, s_publisher, FlowSamples.AsOf, s_none, written, CancellationToken.None);
        var table = XDocument.Parse(Encoding.UTF8.GetString(written.ToArray()));
        var sites = table.Descendants(Road("measurementSite")).ToDictionary(s => s.Attribute("id")!.Value);
        var rows = Bin(0, FlowSamples.Full(0, FlowSamples.Cars(7), s_lorries, s_unknown)).Append(FlowSamples.EveryState[0] with { Class = FlowTableRow.AllClasses });
        var data = XDocument.Parse(await FlowSamples.TextAsync(new DatexMeasuredData(FlowSamples.Site, s_publisher), rows));

        Assert.Equal(["a.north.entering", "a.north.exiting", "a.north.to-south", "a.south.exiting"], sites.Keys.Order());
        foreach (var measured in data.Descendants(Road("siteMeasurements")))
        {
            var site = sites[measured.Element(Road("measurementSiteReference"))!.Attribute("id")!.Value];
            foreach (var quantity in measured.Elements(Road("physicalQuantity")))
            {
                var meant = Assert.Single(site.Elements(Road("measurementSpecificCharacteristics")), c => c.Attribute("index")!.Value == quantity.Attribute("index")!.Value);
                Assert.Equal(
                    meant.Descendants(XName.Get("vehicleType", DatexXml.Common)).Single().Value, quantity.Descendants(XName.Get("vehicleType", DatexXml.Common)).Single().Value);
            }
        }
    }

    [Fact]
    public async Task A_datex_publication_of_nothing_is_refused()
    {
        var refused = await Assert.ThrowsAsync<FormatRefusedException>(() => FlowSamples.TextAsync(new DatexMeasuredData(FlowSamples.Site, s_publisher), []));

        Assert.Contains("cannot be empty", refused.Message, StringComparison.Ordinal);
    }

    private static XName Road(string name) => XName.Get(name, DatexXml.Road);

    private static IEnumerable<FlowTableRow> Bin(int minute, FlowBin? bin) => FlowTable.Rows(
        FlowSamples.Key, new Interval(FlowSamples.Morning.AddMinutes(minute), FlowSamples.Morning.AddMinutes(minute + 5)), bin, [Movement.Entering, Movement.Exiting]);
}

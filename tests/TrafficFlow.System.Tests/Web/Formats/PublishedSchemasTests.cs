using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using Json.Schema;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Formats.Events;
using TrafficFlow.Web.Formats.Geo;
using TrafficFlow.Web.Formats.Ngsi;
using TrafficFlow.Web.Formats.Tables;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Formats;

/// <summary>
/// What leaves is valid by the schemas that others published. The schemas are not ours to copy: TRAFFICFLOW_SCHEMAS names a folder with them, and
/// without it these tests are skipped. Each also refuses something broken, so that a schema that takes anything is noticed. From GitHub:
///   geojson/FeatureCollection.json  geojson/schema, src/schema, as its bin/format.js prints it (commit 268ba0a)
///   ngsi-ld/{TrafficFlowObserved,ItemFlowObserved}.json  smart-data-models/dataModel.Transportation, */schema.json (6aee14b)
///   ngsi-ld/common-schema.json  smart-data-models/data-models (865391b)
///   cloudevents/cloudevents.json  cloudevents/spec, cloudevents/formats (c2845a4)
///   openapi/schema-3.1.json  OAI/OpenAPI-Specification, schemas/v3.1/schema.json of 2022-10-07 (42f7075c)
///   datex2-3.5/*.xsd  tmfg/digitraffic-road, src/main/resources/schemas/datex2/tms/3_5/xml (b4dcb31)
/// </summary>
public sealed class PublishedSchemasTests
{
    private static readonly EvaluationOptions s_strict = new() { RequireFormatValidation = true, OutputFormat = OutputFormat.List };

    private static readonly DatexPublisher s_publisher = new("jp", "kawasaki", "ja");

    [Fact]
    public void Geojson()
    {
        var schema = Schema("geojson/FeatureCollection.json");
        var map = GeoJsonSite.Of(FlowSamples.Site).ToJsonString();

        AssertValid(schema, map);
        AssertInvalid(schema, map.Replace("\"LineString\"", "\"Line\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("entering", "TrafficFlowObserved")]
    [InlineData("exiting", "TrafficFlowObserved")]
    [InlineData("to south", "ItemFlowObserved")]
    public void Ngsi_ld(string movement, string type)
    {
        var common = Schema("ngsi-ld/common-schema.json");
        var schema = Schema($"ngsi-ld/{type}.json", common);
        foreach (var row in FlowSamples.EveryState.SelectMany(r => FlowTable.Classes.Select(c => r with { Movement = movement, Class = Core.Detection.VehicleClassNames.Name(c) })))
        {
            var entity = NgsiEntities.KeyValues(new NgsiEntities(FlowSamples.Site).Of(row));
            AssertValid(schema, entity.ToJsonString());
            entity["intensity"] = -1;
            AssertInvalid(schema, entity.ToJsonString());
        }
    }

    [Fact]
    public void Cloud_events()
    {
        var schema = Schema("cloudevents/cloudevents.json");
        var cloudEvent = FlowEvents.Of([FlowSamples.EveryState[0]], FlowSamples.AsOf);

        AssertValid(schema, System.Text.Encoding.UTF8.GetString(FlowEvents.Structured(cloudEvent).Span));
        AssertInvalid(schema, System.Text.Encoding.UTF8.GetString(FlowEvents.Structured(cloudEvent).Span).Replace("\"id\":", "\"di\":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_api()
    {
        var schema = Schema("openapi/schema-3.1.json");
        var document = await OpenApiTests.DocumentAsync();

        AssertValid(schema, document);
        AssertInvalid(schema, document.Replace("\"in\":", "\"at\":", StringComparison.Ordinal));
        AssertInvalid(schema, document.Replace("\"3.1.", "\"2.1.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Datex()
    {
        var schemas = Datex2();
        using var table = new MemoryStream();
        await DatexSiteTable.WriteAsync(
            FlowSamples.Site, s_publisher, FlowSamples.AsOf, new[] { Movement.To(new("unknown")) }.ToLookup(_ => FlowSamples.North), table, CancellationToken.None);
        var rows = FlowSamples.EveryState.SelectMany(r => DatexIndex.Classes.Select(c => r with { Class = c }));
        var data = await FlowSamples.TextAsync(new DatexMeasuredData(FlowSamples.Site, s_publisher), rows);

        Assert.Empty(Problems(schemas, System.Text.Encoding.UTF8.GetString(table.ToArray())));
        Assert.Empty(Problems(schemas, data));
        Assert.NotEmpty(Problems(schemas, data.Replace("vehicleFlowRate", "vehicleRate", StringComparison.Ordinal)));
        Assert.NotEmpty(Problems(schemas, data.Replace("anyVehicle", "everyVehicle", StringComparison.Ordinal)));
        Assert.NotEmpty(Problems(schemas, data.Replace("quality=\"partial\"", "quality=\"half\"", StringComparison.Ordinal)));
    }

    private static void AssertValid(JsonSchema schema, string json)
    {
        var result = Evaluate(schema, json);
        Assert.True(result.IsValid, json + "\n" + string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Key} {e.Value}"))));
    }

    private static void AssertInvalid(JsonSchema schema, string json) => Assert.False(Evaluate(schema, json).IsValid, json);

    private static EvaluationResults Evaluate(JsonSchema schema, string json)
    {
        using var document = JsonDocument.Parse(json);
        return schema.Evaluate(document.RootElement, s_strict);
    }

    private static JsonSchema Schema(string name, params JsonSchema[] known)
    {
        var registry = new SchemaRegistry();
        foreach (var schema in known) registry.Register(schema);
        // Their own remarks begin with a dollar sign too, which the dialect reserves.
        var text = File.ReadAllText(Path.Combine(Folder(), name)).Replace("\"$schemaVersion\"", "\"x-version\"", StringComparison.Ordinal)
            // The library that evaluates does not find its way through a pattern with a slash.
            .Replace("\"^/\"", "\"^\\\\x2f\"", StringComparison.Ordinal);
        return JsonSchema.FromText(text, new BuildOptions { SchemaRegistry = registry });
    }

    private static XmlSchemaSet Datex2()
    {
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        schemas.Add(null, Path.Combine(Folder(), "datex2-3.5", "DATEXII_3_D2Payload.xsd"));
        using var own = XmlReader.Create(new StringReader(DatexExtension.Schema));
        schemas.Add(null, own);
        schemas.Compile();
        return schemas;
    }

    private static List<string> Problems(XmlSchemaSet schemas, string xml)
    {
        var problems = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings | XmlSchemaValidationFlags.ProcessIdentityConstraints;
        settings.ValidationEventHandler += (_, e) => problems.Add($"{e.Exception.LineNumber}: {e.Message}");
        using var reader = XmlReader.Create(new StringReader(xml), settings);
        while (reader.Read())
        {
        }

        return problems;
    }

    private static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("TRAFFICFLOW_SCHEMAS");
        Assert.SkipUnless(folder is not null && Directory.Exists(folder), "no published schemas: TRAFFICFLOW_SCHEMAS must name a folder with them");
        return folder!;
    }
}

using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Routes;

/// <summary>What `/v1/openapi.json` says of a route, beside the route itself: each route of /v1 has one among its metadata, which a test holds.</summary>
public static class ApiOperation
{
    /// <param name="id">Of the operation, for generated clients: listSites.</param>
    /// <param name="answers">With 200, by media type; null for a schema that is none of JSON's.</param>
    public static OpenApiOperation Get(string id, string summary, string details, IReadOnlyList<OpenApiParameter> parameters, params IReadOnlyList<(string MediaType, OpenApiSchema? Schema)> answers) => new()
    {
        OperationId = id,
        Summary = summary,
        Description = details,
        Parameters = [.. parameters],
        Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = summary, Content = answers.ToDictionary(a => a.MediaType, a => new OpenApiMediaType { Schema = a.Schema }) },
        },
    };

    public static OpenApiParameter Path(string name, string description) => new() { Name = name, In = ParameterLocation.Path, Required = true, Description = description, Schema = Text("") };

    public static OpenApiParameter Query(string name, string description, OpenApiSchema schema, bool isRequired = false) =>
        new() { Name = name, In = ParameterLocation.Query, Required = isRequired, Description = description, Schema = schema };

    /// <summary>from and to, as every table takes them.</summary>
    public static IReadOnlyList<OpenApiParameter> Span =>
    [
        Query("from", "Begin, included: RFC 3339 with its zone, or a day of the site's clock.", Text("2026-04-01T06:00:00+09:00 or 2026-04-01"), isRequired: true),
        Query("to", "End, not included.", Text("as from"), isRequired: true),
    ];

    public static OpenApiParameter Format => Query("format", "Instead of Accept, for links: the extension of the file.", Choice(FlowFormats.Tables.Select(f => f.FileExtension)));

    public static OpenApiParameter Cursor => Query("cursor", "`next` of the page before, with the other parameters as they were.", Text("opaque"));

    public static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description.Length > 0 ? description : null };

    public static OpenApiSchema OneOf(string usual, params IEnumerable<string> values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(v => (JsonNode)JsonValue.Create(v))], Default = JsonValue.Create(usual) };

    public static OpenApiSchema Choice(params IEnumerable<string> values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(v => (JsonNode)JsonValue.Create(v))] };

    public static OpenApiSchema Whole(int least, int most, int usual) => new() { Type = JsonSchemaType.Integer, Minimum = $"{least}", Maximum = $"{most}", Default = JsonValue.Create(usual) };

    public static OpenApiSchema Thing(params IEnumerable<(string Name, OpenApiSchema Schema)> members) => new() { Type = JsonSchemaType.Object, Properties = members.ToDictionary(m => m.Name, m => (IOpenApiSchema)m.Schema) };

    public static OpenApiSchema ListOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>Items, and what asks for the next page.</summary>
    public static OpenApiSchema Page(OpenApiSchema item) => Thing(("items", ListOf(item)), ("next", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "cursor of the next page; null at the end" }));

    /// <summary>A row of the flow table: its columns.</summary>
    public static OpenApiSchema FlowRow => Thing(FlowColumn.All.Select(c => (c.Name, new OpenApiSchema
    {
        Description = c.Description,
        Type = c switch
        {
            WholeColumn { IsNullable: true } => JsonSchemaType.Integer | JsonSchemaType.Null,
            WholeColumn => JsonSchemaType.Integer,
            NumberColumn { IsNullable: true } => JsonSchemaType.Number | JsonSchemaType.Null,
            NumberColumn => JsonSchemaType.Number,
            FlagColumn => JsonSchemaType.Boolean,
            _ => JsonSchemaType.String,
        },
    })));

    /// <summary>Every format of flow rows.</summary>
    public static IReadOnlyList<(string MediaType, OpenApiSchema? Schema)> FlowAnswers =>
    [
        ("application/json", Page(FlowRow)), ("application/x-ndjson", FlowRow), ("text/csv", Text("a header, then a row a line; with profile=jartic the columns of JARTIC's 5-minute table")),
        ("application/vnd.apache.parquet", null), ("application/vnd.apache.arrow.stream", null), ("application/ld+json", ListOf(Thing(("id", Text("urn:ngsi-ld:…")), ("type", Text("TrafficFlowObserved or ItemFlowObserved"))))),
        ("application/xml", Text("MeasuredDataPublication of DATEX II v3")),
    ];
}

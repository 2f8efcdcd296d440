using System.Globalization;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Geo;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Ngsi;

/// <summary>
/// Flow rows as NGSI-LD entities of the Smart Data Models: TrafficFlowObserved for who enters, exits or crosses a gate, ItemFlowObserved for who
/// goes from an approach to an exit. One entity for each site, approach, movement, class and length of bin, which holds the newest bin: its id has
/// no time. A missing or withheld number is no attribute, never 0; `state` says which of the two it is. So a broker must
/// replace the entity, not merge it: a number of the bin before would stay. Pure.
/// </summary>
public sealed class NgsiEntities(Site site)
{
    public static readonly IReadOnlyList<string> Context =
    [
        "https://raw.githubusercontent.com/smart-data-models/dataModel.Transportation/master/context.jsonld",
        "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld",
    ];

    private const string ToExit = "to ";

    private readonly SiteGeography? _place = SiteGeography.Find(site);

    /// <summary>In NGSI-LD's normalised form.</summary>
    /// <exception cref="FormatRefusedException">The site file does not say where the site lies, and an ItemFlowObserved has to.</exception>
    public JsonObject Of(FlowTableRow row)
    {
        var isTurn = row.Movement.StartsWith(ToExit, StringComparison.Ordinal);
        var at = Utc(row.Bin.To);
        var entity = new JsonObject { ["id"] = IdOf(row), ["type"] = isTurn ? "ItemFlowObserved" : "TrafficFlowObserved" };
        Observation(entity, row, isTurn);
        if (isTurn) Item(entity, row, at);
        else Traffic(entity, row, at);
        if (Location(row.Approach, isTurn) is { } location) entity["location"] = new JsonObject { ["type"] = "GeoProperty", ["value"] = location };
        Accompanying(entity, row, at);
        entity["@context"] = new JsonArray([.. Context.Select(c => JsonValue.Create(c))]);
        return entity;
    }

    /// <summary>An entity in the simplified form: keys and values.</summary>
    /// <param name="entity">As <see cref="Of"/> makes it.</param>
    public static JsonObject KeyValues(JsonObject entity)
    {
        var simple = new JsonObject();
        foreach (var (name, member) in entity)
        {
            var value = member is JsonObject attribute ? attribute["value"] : member;
            simple[name] = value is JsonObject typed && typed.ContainsKey("@value") ? typed["@value"]!.DeepClone() : value?.DeepClone();
        }

        return simple;
    }

    public static string IdOf(FlowTableRow row)
    {
        var type = row.Movement.StartsWith(ToExit, StringComparison.Ordinal) ? "ItemFlowObserved" : "TrafficFlowObserved";
        return FormattableString.Invariant($"urn:ngsi-ld:{type}:{row.Site}:{row.Approach}:{row.Movement.Replace(' ', '-')}:{row.Class}:{row.Duration.Minutes}min");
    }

    private static void Observation(JsonObject entity, FlowTableRow row, bool isTurn)
    {
        var (from, to) = (Utc(row.Bin.From), Utc(row.Bin.To));
        // One model wants an instant here, the other takes an interval.
        entity["dateObserved"] = isTurn ? Property(Time(to)) : Property($"{from}/{to}");
        entity["dateObservedFrom"] = Property(Time(from));
        entity["dateObservedTo"] = Property(Time(to));
    }

    private static void Traffic(JsonObject entity, FlowTableRow row, string at)
    {
        Add(entity, "intensity", row.Count, at, "C62");
        Add(entity, "averageVehicleSpeed", Rounded(row.TimeMeanSpeedKmh), at, "KMH");
        if (row.Movement == Core.Flow.Movement.Entering.Name) entity["laneDirection"] = Property("forward");
        if (row.Movement == Core.Flow.Movement.Exiting.Name) entity["laneDirection"] = Property("backward");
        if (VehicleType(row.Class) is { } type) entity["vehicleType"] = Property(type);
        if (row.Class != FlowTableRow.AllClasses) entity["vehicleSubType"] = Property(row.Class);
    }

    private static void Item(JsonObject entity, FlowTableRow row, string at)
    {
        Add(entity, "intensity", row.Count, at, "C62");
        Add(entity, "averageSpeed", Rounded(row.TimeMeanSpeedKmh), at, "KMH");
        entity["itemType"] = Property("vehicle");
        if (row.Class != FlowTableRow.AllClasses) entity["itemSubType"] = Property(row.Class);
        // The model requires it. Lanes are not told apart: all lanes of the approach are its first.
        entity["laneId"] = Property(1);
        entity["description"] = Property($"{row.Approach} {row.Movement}");
    }

    /// <summary>What the models have no attribute for, and no number should go without.</summary>
    private void Accompanying(JsonObject entity, FlowTableRow row, string at)
    {
        entity["name"] = Property($"{site.Name} {site.Approaches.FirstOrDefault(a => a.Id == row.Approach)?.Name ?? row.Approach.Value}");
        entity["approach"] = Property(row.Approach.Value);
        entity["movement"] = Property(row.Movement);
        Add(entity, "observedSeconds", Math.Round(row.ObservedSeconds, 1), at, "SEC");
        Add(entity, "quality", row.QualityName, at);
        Add(entity, "state", row.StateName, at);
        Add(entity, "suppressed", row.IsSuppressed, at);
        if (row.Revision is { } revision) Add(entity, "revision", revision, at);
        if (row.Provenance is not { } made) return;
        entity["siteHash"] = Property(made.SiteHash);
        entity["model"] = Property($"{made.DetectorName} {made.DetectorVersion}");
        entity["calibration"] = Property(made.Calibration);
    }

    private JsonObject? Location(ApproachId approach, bool isRequired)
    {
        var place = isRequired ? _place ?? SiteGeography.Of(site, "An NGSI-LD ItemFlowObserved") : _place;
        return place is null ? null : GeoJsonSite.PointOf(place.PositionOf(approach));
    }

    private static string? VehicleType(string vehicleClass) => vehicleClass switch
    {
        "passenger-car" => "car",
        "light-goods" => "van",
        "heavy-goods" => "lorry",
        "bus" => "bus",
        "motorcycle" => "motorcycle",
        _ => null,
    };

    private static JsonObject Property(JsonNode value) => new() { ["type"] = "Property", ["value"] = value };

    private static JsonObject Time(string utc) => new() { ["@type"] = "DateTime", ["@value"] = utc };

    private static void Add(JsonObject entity, string name, JsonNode? value, string observedAt, string? unit = null)
    {
        if (value is null) return;
        var property = Property(value);
        property["observedAt"] = observedAt;
        if (unit is not null) property["unitCode"] = unit;
        entity[name] = property;
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static double? Rounded(double? kmh) => kmh is { } speed ? Math.Round(speed, 1) : null;
}

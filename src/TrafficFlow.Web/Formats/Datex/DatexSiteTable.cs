using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Geo;
using TrafficFlow.Web.Formats.Tables;
using static TrafficFlow.Web.Formats.Datex.DatexXml;

namespace TrafficFlow.Web.Formats.Datex;

/// <summary>A MeasurementSiteTablePublication of DATEX II v3: what the measurements of <see cref="DatexMeasuredData"/> refer to. Its version is the site's hash.</summary>
public static class DatexSiteTable
{
    public const string MediaType = "application/xml";

    public static string IdOf(Site site) => $"{site.Id}.measurement-sites";

    /// <param name="at">The time of publication.</param>
    /// <param name="counted">Movements that were counted beside those of the site file, by approach.</param>
    /// <exception cref="FormatRefusedException">The site file does not say where the site lies, or has no approach.</exception>
    public static async Task WriteAsync(
        Site site, DatexPublisher publisher, DateTimeOffset at, ILookup<ApproachId, Movement> counted, Stream to, CancellationToken cancellation)
    {
        var place = SiteGeography.Of(site, "A DATEX II table of measurement sites");
        if (site.Approaches.Count == 0) throw new FormatRefusedException($"site {site.Id} has no approach: a DATEX II table of measurement sites cannot be empty");
        await using var output = new ForwardStream(to);
        using var xml = new DatexXml(output);
        xml.BeginPublication("MeasurementSiteTablePublication", publisher, at);
        xml.Header(publisher);
        xml.Begin(Road, "measurementSiteTable");
        xml.Attribute("id", IdOf(site));
        xml.Attribute("version", site.Hash);
        foreach (var approach in site.Approaches)
        {
            foreach (var movement in FlowTable.Movements(site, approach.Id, counted[approach.Id])) Write(xml, place, approach, movement, publisher);
        }

        xml.EndPublication();
        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }

    private static void Write(DatexXml xml, SiteGeography place, Approach approach, Movement movement, DatexPublisher publisher)
    {
        xml.Begin(Road, "measurementSite");
        xml.Attribute("id", DatexIndex.SiteId(place.Site.Id, approach.Id, movement.Name));
        xml.Attribute("version", place.Site.Hash);
        xml.Text(Road, "measurementSiteName", publisher.Language, $"{place.Site.Name} {approach.Name}: {movement.Name}");
        foreach (var vehicleClass in DatexIndex.Classes)
        {
            Characteristics(xml, DatexIndex.FlowOf(vehicleClass), "trafficFlow", vehicleClass);
            Characteristics(xml, DatexIndex.SpeedOf(vehicleClass), "trafficSpeed", vehicleClass);
        }

        Location(xml, place, approach.Id);
        xml.End();
    }

    private static void Characteristics(DatexXml xml, int index, string type, string vehicleClass)
    {
        xml.Begin(Road, "measurementSpecificCharacteristics");
        xml.Attribute("index", DatexXml.Number(index));
        xml.Begin(Road, "measurementSpecificCharacteristics");
        if (type == "trafficSpeed") xml.Value(Road, "computationMethod", "harmonicAverageOfSamplesInATimePeriod");
        xml.Value(Road, "specificMeasurementValueType", type);
        xml.VehicleType(Road, "specificVehicleCharacteristics", vehicleClass);
        xml.End();
        xml.End();
    }

    private static void Location(DatexXml xml, SiteGeography place, ApproachId approach)
    {
        var known = place.Approaches.FirstOrDefault(a => a.Approach.Id == approach);
        var position = known?.Position ?? place.Position;
        xml.Begin(Road, "measurementSiteLocation", "loc:PointLocation");
        xml.Begin(Place, "pointByCoordinates");
        if (known is not null) xml.Value(Place, "bearing", DatexXml.Number(Math.Round(known.BearingDegrees) % 360));
        xml.Begin(Place, "pointCoordinates");
        xml.Value(Place, "latitude", DatexXml.Number(position.Latitude));
        xml.Value(Place, "longitude", DatexXml.Number(position.Longitude));
        xml.End();
        xml.End();
        xml.End();
    }
}

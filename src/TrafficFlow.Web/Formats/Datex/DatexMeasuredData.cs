using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;
using static TrafficFlow.Web.Formats.Datex.DatexXml;

namespace TrafficFlow.Web.Formats.Datex;

/// <summary>
/// A MeasuredDataPublication of DATEX II v3: for each bin and movement, of each class, the flow rate in veh/h over the whole bin and the
/// space-mean speed. A missing number has no value and the fault noDataValuesAvailable; one that is withheld has no value and an extended fault
/// that says why ("suppressed"); what is a lower bound or in doubt has its value and a fault beside it. Count, observed seconds, quality, revision and
/// provenance stand in an extension.
/// </summary>
public sealed class DatexMeasuredData(Site site, DatexPublisher publisher) : IFlowFormat
{
    public string MediaType => "application/xml";

    public string ContentType => "application/xml; charset=utf-8";

    public string FileExtension => "xml";

    /// <exception cref="FormatRefusedException">There is no row: a publication without measurements cannot be said.</exception>
    public async Task WriteAsync(FlowRows rows, Stream to, CancellationToken cancellation)
    {
        await using var output = new ForwardStream(to);
        using var xml = new DatexXml(output);
        xml.BeginPublication("MeasuredDataPublication", publisher, rows.AsOf);
        Reference(xml, "measurementSiteTableReference", "roa:MeasurementSiteTable", DatexSiteTable.IdOf(site));
        xml.Header(publisher);
        var any = false;
        await foreach (var bin in BinRows.OfAsync(rows.Rows, cancellation).ConfigureAwait(false))
        {
            any = true;
            foreach (var movement in bin.GroupBy(r => r.Movement, StringComparer.Ordinal)) Write(xml, movement.Key, [.. movement]);
            xml.Flush();
            await output.ForwardChunkAsync(cancellation).ConfigureAwait(false);
        }

        if (!any) throw new FormatRefusedException("a MeasuredDataPublication of DATEX II cannot be empty, and there is no bin: ask for a time in which the site has bins");
        xml.EndPublication();
        await output.ForwardAsync(cancellation).ConfigureAwait(false);
    }

    private void Write(DatexXml xml, string movement, IReadOnlyList<FlowTableRow> rows)
    {
        xml.Begin(Road, "siteMeasurements");
        Reference(xml, "measurementSiteReference", "roa:MeasurementSite", DatexIndex.SiteId(rows[0].Site, rows[0].Approach, movement));
        foreach (var row in rows)
        {
            Quantity(xml, DatexIndex.FlowOf(row.Class), row, () => Flow(xml, row));
            if (row.SpaceMeanSpeedKmh is { } speed) Quantity(xml, DatexIndex.SpeedOf(row.Class), row, () => Speed(xml, row, speed));
        }

        xml.Begin(Road, "measurementTimeDefault");
        xml.Begin(Road, "period");
        xml.Value(Common, "startOfPeriod", Time(rows[0].Bin.From));
        xml.Value(Common, "endOfPeriod", Time(rows[0].Bin.To));
        xml.End();
        xml.End();
        xml.End();
    }

    private void Reference(DatexXml xml, string name, string target, string id)
    {
        xml.Begin(Road, name);
        xml.Attribute("targetClass", target);
        xml.Attribute("id", id);
        xml.Attribute("version", site.Hash);
        xml.End();
    }

    private static void Quantity(DatexXml xml, int index, FlowTableRow row, Action value)
    {
        xml.Begin(Road, "physicalQuantity");
        xml.Attribute("index", DatexXml.Number(index));
        xml.Begin(Road, "physicalQuantity", "roa:SinglePhysicalQuantity");
        if (FaultOf(row) is { } fault) Fault(xml, row, fault);
        Accompanying(xml, row);
        if (row.State == CellState.Counted) value();
        xml.End();
        xml.End();
    }

    private static string? FaultOf(FlowTableRow row) => row.State switch
    {
        CellState.Missing => "noDataValuesAvailable",
        not CellState.Counted => "_extended",
        _ => row.Quality switch
        {
            BinQuality.Complete => null,
            BinQuality.Degraded => "spuriousUnreliableDataValues",
            _ => "intermittentDataValues",
        },
    };

    private static void Fault(DatexXml xml, FlowTableRow row, string fault)
    {
        xml.Begin(Road, "physicalQuantityFault");
        xml.Value(Common, "faultLastUpdateTime", Time(row.Bin.To));
        xml.Begin(Road, "physicalQuantityFaultType");
        if (fault == "_extended") xml.Attribute("_extendedValue", row.StateName);
        xml.Content(fault);
        xml.End();
        xml.End();
    }

    private static void Accompanying(DatexXml xml, FlowTableRow row)
    {
        xml.Begin(Road, "_physicalQuantityExtension");
        xml.Begin(DatexExtension.Namespace, "bin");
        if (row.Count is { } count) xml.Attribute("count", DatexXml.Number(count));
        if (row.SpeedSamples is { } samples) xml.Attribute("speedSamples", DatexXml.Number(samples));
        xml.Attribute("state", row.StateName);
        xml.Attribute("suppressed", row.IsSuppressed ? "true" : "false");
        xml.Attribute("quality", row.QualityName);
        xml.Attribute("observedSeconds", DatexXml.Number(Math.Round(row.ObservedSeconds, 1)));
        xml.Attribute("coverage", DatexXml.Number(row.Coverage));
        if (row.Revision is { } revision) xml.Attribute("revision", DatexXml.Number(revision));
        if (row.Provenance is { } made)
        {
            xml.Attribute("siteHash", made.SiteHash);
            xml.Attribute("model", $"{made.DetectorName} {made.DetectorVersion}");
            xml.Attribute("calibration", made.Calibration);
        }

        xml.End();
        xml.End();
    }

    private static void Flow(DatexXml xml, FlowTableRow row)
    {
        xml.Begin(Road, "basicData", "roa:TrafficFlow");
        xml.VehicleType(Road, "forVehiclesWithCharacteristicsOf", row.Class);
        xml.Begin(Road, "vehicleFlow");
        xml.Value(Common, "vehicleFlowRate", DatexXml.Number(Math.Round(row.Count!.Value * 3600 / row.Bin.Length.TotalSeconds)));
        xml.End();
        xml.End();
    }

    private static void Speed(DatexXml xml, FlowTableRow row, double speed)
    {
        xml.Begin(Road, "basicData", "roa:TrafficSpeed");
        xml.VehicleType(Road, "forVehiclesWithCharacteristicsOf", row.Class);
        xml.Begin(Road, "averageVehicleSpeed");
        xml.Value(Common, "speed", DatexXml.Number(Math.Round(speed, 1)));
        xml.End();
        xml.End();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Actors.Tests.Telemetry;

/// <summary>What the product's meter says while this lives, of one site where it says the site. Other tests measure at the same time.</summary>
internal sealed class Listener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _site;

    public Listener(string site)
    {
        _site = site;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TrafficFlowTelemetry.Name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public ConcurrentQueue<(string Name, double Value, IReadOnlyDictionary<string, object?> Tags)> Measured { get; } = [];

    public IEnumerable<double> Values(string name, string? camera = null)
    {
        // Those that are read when somebody asks.
        _listener.RecordObservableInstruments();
        return Measured.Where(m => m.Name == name && (camera is null || Equals(m.Tags.GetValueOrDefault("trafficflow.camera"), camera))).Select(m => m.Value);
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary(t => t.Key, t => t.Value);
        if (all.GetValueOrDefault("trafficflow.site") is not { } site || Equals(site, _site)) Measured.Enqueue((instrument.Name, value, all));
    }

    public void Dispose() => _listener.Dispose();
}

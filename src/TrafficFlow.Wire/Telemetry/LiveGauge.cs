using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TrafficFlow.Wire.Telemetry;

/// <summary>
/// A gauge that is read when somebody asks. Its series come and go with what they are of: an approach that another server has taken over is told by
/// that one alone, while a gauge that was set would say its last value for ever.
/// </summary>
/// <param name="read">What is told of a value now.</param>
public sealed class LiveGauge<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _values = new();

    public LiveGauge(string name, string unit, string description, Func<TValue, double> read, Func<TKey, KeyValuePair<string, object?>[]> tags) =>
        TrafficFlowTelemetry.Meter.CreateObservableGauge(name, () => _values.Select(v => new Measurement<double>(read(v.Value), tags(v.Key))), unit, description);

    public void Set(TKey key, TValue value) => _values[key] = value;

    public void Remove(TKey key) => _values.TryRemove(key, out _);

    public void Clear() => _values.Clear();
}

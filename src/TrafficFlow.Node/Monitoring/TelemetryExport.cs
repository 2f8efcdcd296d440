using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Telemetry;
using OtlpProtocol = TrafficFlow.Node.Settings.OtlpProtocol;

namespace TrafficFlow.Node.Monitoring;

/// <summary>
/// Hands what the product and the runtime measure to whoever wants it: to the HTTP end point, when it is asked, and to a collector, by itself. What is not wanted
/// is not even added up.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    /// <summary>Series of one metric: beyond it they are added up as one, and memory stays bounded whatever is measured.</summary>
    public const int MostSeries = 2000;

    private const int MostMetrics = 200;
    private static readonly TimeSpan DeliverWithin = TimeSpan.FromSeconds(10);

    public TelemetryExport(MonitoringSettings settings, string nodeName, ILoggerFactory logs)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("trafficflow", serviceVersion: ProductVersion.Version, autoGenerateServiceInstanceId: false, serviceInstanceId: nodeName);
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(TrafficFlowTelemetry.Name).AddMeter("System.Runtime")
            .SetMaxMetricStreams(MostMetrics).AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MostSeries });
        if (settings.Listen is not null)
        {
            metrics.AddPrometheusExporter(options =>
            {
                // One meter of one product: its name and version on every line say nothing.
                options.ScopeInfoEnabled = false;
            });
        }

        if (settings.Otlp is { } otlp)
        {
            var link = new CollectorLink(otlp.Endpoint, "metrics", logs.CreateLogger<CollectorLink>());
            metrics.AddReader(new PeriodicExportingMetricReader(new Metrics(Options(otlp, "v1/metrics", link), link), (int)otlp.Interval.TotalMilliseconds, (int)DeliverWithin.TotalMilliseconds));
            if (otlp.TraceShare > 0)
            {
                var traces = new CollectorLink(otlp.Endpoint, "traces", logs.CreateLogger<CollectorLink>());
                Spans = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(TrafficFlowTelemetry.Name)
                    // By the trace id alone: so all nodes pick the same crossings.
                    .SetSampler(new TraceIdRatioBasedSampler(otlp.TraceShare))
                    .AddProcessor(new BatchActivityExportProcessor(new Traces(Options(otlp, "v1/traces", traces), traces))).Build();
            }
        }

        Meters = metrics.Build();
    }

    public MeterProvider Meters { get; }

    /// <summary>Null where nothing is traced.</summary>
    public TracerProvider? Spans { get; }

    public void Dispose()
    {
        // Delivers what is left, within its patience.
        Spans?.Dispose();
        Meters.Dispose();
    }

    private static OtlpExporterOptions Options(OtlpSettings otlp, string path, CollectorLink link) => new()
    {
        Protocol = otlp.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        // The library adds the path of the signal only to addresses that it has found itself.
        Endpoint = otlp.Protocol == OtlpProtocol.Grpc ? otlp.Endpoint : new Uri($"{otlp.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}"),
        TimeoutMilliseconds = (int)DeliverWithin.TotalMilliseconds,
        HttpClientFactory = () => link.Client(DeliverWithin),
    };

    private sealed class Metrics(OtlpExporterOptions options, CollectorLink link) : OtlpMetricExporter(options)
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            var result = base.Export(batch);
            link.Note(result);
            return result;
        }
    }

    private sealed class Traces(OtlpExporterOptions options, CollectorLink link) : OtlpTraceExporter(options)
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            var result = base.Export(batch);
            link.Note(result);
            return result;
        }
    }
}

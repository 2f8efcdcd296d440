using System.Net;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace TrafficFlow.Node.Monitoring;

/// <summary>
/// The way of one signal to a collector, which may take metrics and no traces: says once that they are not taken and why, and once that they are again. What could
/// not be delivered of metrics is in the next delivery, which tells sums; traces of that time are lost.
/// </summary>
/// <param name="signal">metrics, traces.</param>
internal sealed class CollectorLink(Uri endpoint, string signal, ILogger log)
{
    private readonly Lock _gate = new();
    private string _reason = "";
    private bool _isLost;

    /// <summary>For the exporters of the library, which keep to themselves why they fail.</summary>
    public HttpClient Client(TimeSpan within) => new(new Listener(this)) { Timeout = within };

    public void Note(ExportResult result)
    {
        lock (_gate)
        {
            var isLost = result == ExportResult.Failure;
            if (isLost == _isLost) return;
            _isLost = isLost;
            if (isLost)
                log.LogWarning(
                    "The collector at {Endpoint} takes no {Signal} ({Reason}): is it up, does protocol fit its port (grpc 4317, http 4318)? Set trafficflow.monitoring.otlp. It is tried again; counting goes on",
                    endpoint, signal, _reason.Length > 0 ? _reason : "no answer in time");
            else log.LogInformation("The collector at {Endpoint} takes {Signal}", endpoint, signal);
        }
    }

    private void Failed(string reason)
    {
        lock (_gate) _reason = Core.Texts.PlainText.Of(reason, 200);
    }

    private sealed class Listener(CollectorLink link) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), UseCookies = false })
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Look(base.Send(request, cancellationToken));
            }
            catch (Exception e)
            {
                link.Failed(e.GetBaseException().Message);
                throw;
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Look(await base.SendAsync(request, cancellationToken));
            }
            catch (Exception e)
            {
                link.Failed(e.GetBaseException().Message);
                throw;
            }
        }

        private HttpResponseMessage Look(HttpResponseMessage answer)
        {
            if (answer.StatusCode != HttpStatusCode.OK) link.Failed($"it answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
            return answer;
        }
    }
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TrafficFlow.Analysis.Optimisation.Remote;

/// <summary>Requests to one service: each with the credential, a time-out and a bounded answer, none beyond its address. Content is a <see cref="Departure"/> or none.</summary>
internal sealed partial class ServiceConnection(HttpClient http, RemoteSettings settings, string authorizationHeader, string authorizationScheme, TimeProvider time)
{
    /// <summary>A request without content, which may be made again, is made so often where the service is out of order.</summary>
    private const int MostTries = 4;

    /// <summary>For a cancellation, which nobody waits for longer.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(5);

    public RemoteSettings Settings => settings;

    public TimeProvider Time => time;

    /// <summary>Whatever the service says goes into a message through this.</summary>
    public ServiceText Text { get; } = new(settings.Credential);

    /// <summary>Sends no credential to where a redirect leads, keeps no cookies, asks no proxy that the environment names, and sends no trace of ours nor what it carries.</summary>
    /// <param name="handler">Of a test; null for such a one.</param>
    public static HttpClient CreateClient(HttpMessageHandler? handler) =>
        new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <param name="accept">The media type that is wanted; null for application/json.</param>
    /// <returns>The answer, whatever its status below 300; to be disposed.</returns>
    public async Task<ServiceResponse> SendAsync(HttpMethod method, string path, Departure? departure, string? accept, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(method, path, departure, accept, cancellation).ConfigureAwait(false);
            }
            catch (RetryException e)
            {
                // A model whose first try may have been taken is not sent again: nobody knows.
                if (attempt >= MostTries || (departure is not null && !e.IsUntaken)) throw e.Reason;
                await Task.Delay(e.After ?? PollSchedule.Delay(4 * attempt), time, cancellation).ConfigureAwait(false);
                if (departure is not null) departure = await departure.AgainAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells the service that a job is not wanted any more. What it answers does not matter: nobody waits for the job.</summary>
    public async Task ForgetAsync(string path, string? accept)
    {
        using var farewell = new CancellationTokenSource(FarewellTimeout, time);
        try
        {
            using var response = await SendOnceAsync(HttpMethod.Delete, path, null, accept, farewell.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RemoteSolverException or OperationCanceledException or RetryException or InvalidOperationException)
        {
            // The job may run to its end; its answer is not read.
        }
    }

    /// <summary>A service's name of a job goes into the paths of later requests and into the result: it is a name and nothing else, and not the credential.</summary>
    public string JobName(string? name) =>
        name is not null && Names().IsMatch(name) && !Text.HoldsCredential(name) ? name : throw new RemoteSolverException(RemoteFailure.BadAnswer, "the service names the job with something that is no name");

    [GeneratedRegex("^[A-Za-z0-9_-]{1,128}$")]
    private static partial Regex Names();

    private async Task<ServiceResponse> SendOnceAsync(HttpMethod method, string path, Departure? departure, string? accept, CancellationToken cancellation)
    {
        var longest = settings.RequestTimeout + (departure is null ? TimeSpan.Zero : settings.SearchTime);
        using var timeout = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(Base(settings.Address), path)) { Content = departure?.ToContent() };
            request.Headers.TryAddWithoutValidation("Accept", accept ?? "application/json");
            settings.Credential?.Authorize(request, authorizationHeader, authorizationScheme);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var body = await ReadAsync(response, either.Token).ConfigureAwait(false);
            if ((int)response.StatusCode is >= 200 and < 300) return Parse(response, body);
            throw Refusal(response, body);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Also where the transport gave up by itself: nobody here cancelled it.
            var waited = timeout.IsCancellationRequested ? $" within {longest.TotalSeconds} s" : " before the connection's own time-out";
            throw new RetryException(new RemoteSolverException(RemoteFailure.Late, $"{Host} did not answer{waited}: ask later, or allow more time"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RetryException(
                new RemoteSolverException(RemoteFailure.Unreachable, $"{Host} cannot be asked ({Text.Of(e)}): look at its address, the network and its certificate"),
                isUntaken: e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError });
        }
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > settings.AnswerBytes) throw TooLong();
        var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        for (int read; (read = await stream.ReadAsync(chunk, cancellation).ConfigureAwait(false)) > 0;)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > settings.AnswerBytes) throw TooLong();
        }

        return buffer.ToArray();
    }

    private ServiceResponse Parse(HttpResponseMessage response, byte[] body)
    {
        try
        {
            var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new ServiceResponse(response.StatusCode, response.Content.Headers.ContentType, document);
        }
        catch (JsonException)
        {
            // Without the cause, which repeats names of the service's.
            throw new RemoteSolverException(RemoteFailure.BadAnswer, $"{Host} answered with what is no JSON (one value, without anything behind it): {Text.Of(body)}");
        }
    }

    private Exception Refusal(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var told = $"{Host} answered {status}: {Text.Of(body)}";
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                return new RemoteSolverException(RemoteFailure.Unauthorized, $"{told}. Look whether the token is right, not expired, and good for this solver");
            case HttpStatusCode.PaymentRequired:
                return new RemoteSolverException(RemoteFailure.Quota, $"{told}. The quota is used up: wait for the next period, or ask for more");
            case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                var isQuota = response.StatusCode == HttpStatusCode.TooManyRequests;
                var reason = new RemoteSolverException(isQuota ? RemoteFailure.Quota : RemoteFailure.Failed, $"{told}. {(isQuota ? "Ask less often, or look at the quota" : "Ask later")}");
                var after = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - time.GetUtcNow() : null;
                // Longer than a request may take is not waited for in between.
                return after > settings.TotalTimeout ? reason : new RetryException(reason, after < TimeSpan.Zero ? TimeSpan.Zero : after, isUntaken: isQuota);
            case >= HttpStatusCode.InternalServerError:
                return new RetryException(new RemoteSolverException(RemoteFailure.Failed, $"{told}. Ask later"));
            case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest:
                return new RemoteSolverException(RemoteFailure.BadAnswer, $"{Host} answered {status} and leads elsewhere, where no token is sent: set the right address");
            default:
                return new RemoteSolverException(RemoteFailure.Failed, $"{told}. Look at the solver's name and what it takes");
        }
    }

    private RemoteSolverException TooLong() => new(RemoteFailure.BadAnswer, $"{Host} answered with more than {settings.AnswerBytes} bytes: ask for fewer samples");

    private string Host => settings.Address.Authority;

    private static Uri Base(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    /// <param name="after">When the service wants to be asked again.</param>
    /// <param name="isUntaken">Surely nothing of the request was acted on.</param>
    private sealed class RetryException(RemoteSolverException reason, TimeSpan? after = null, bool isUntaken = false) : Exception(reason.Message, reason)
    {
        public RemoteSolverException Reason { get; } = reason;

        public TimeSpan? After { get; } = after;

        public bool IsUntaken { get; } = isUntaken;
    }
}

/// <summary>An answer that is JSON.</summary>
internal sealed record ServiceResponse(HttpStatusCode Status, System.Net.Http.Headers.MediaTypeHeaderValue? Type, JsonDocument Body) : IDisposable
{
    public JsonElement Root => Body.RootElement;

    public void Dispose() => Body.Dispose();
}

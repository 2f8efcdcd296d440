using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Endings;

/// <summary>
/// `POST /custody` on the control socket of a node, with a <see cref="VaultRequest"/>: end, preview-end, confirm-clock, retention. Whoever can open the socket may do all, and stands in the audit by the account that the kernel
/// tells.
/// </summary>
/// <param name="desk">Null while the vault is not there.</param>
internal sealed class EndRoutes(Func<EndDesk?> desk, ClockDesk clock, Func<CancellationToken, Task<VaultAnswer>> retention) : IControlRoutes
{
    public async Task<bool> AnswerAsync(HttpContext context, string account)
    {
        if (context.Request is not { Method: "POST", Path.Value: "/custody" }) return false;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var answer = VaultRequest.Read(body.GetBuffer().AsSpan(0, (int)body.Length)) is { } request
            ? await AnswerAsync(request, Principal.Of(account, null), context.RequestAborted)
            : VaultAnswer.Refused("the request is none: use the trafficflow of the node's own version");
        var written = answer.Write();
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = written.Length;
        await context.Response.Body.WriteAsync(written, context.RequestAborted);
        return true;
    }

    private async Task<VaultAnswer> AnswerAsync(VaultRequest request, Principal by, CancellationToken cancellation)
    {
        switch (request.Verb)
        {
            case "confirm-clock":
                return await clock.ConfirmAsync(request, by);
            case "retention":
                return await retention(cancellation);
            case "end" or "preview-end" when desk() is null:
                return VaultAnswer.Failed("the vault is not there yet: the node is starting, or its files cannot be read (trafficflow ctl health show)");
            case "end" or "preview-end" when request.Site is null != request.Everything:
                return VaultAnswer.Refused("what? --site SITE, or --everything for the whole installation");
            case "preview-end":
                return desk()!.Preview(request.Site is { } one ? new SiteId(one) : null);
            case "end":
                // A connection that breaks ends nothing in the middle.
                return await desk()!.EndAsync(request, by);
            default:
                return VaultAnswer.Refused($"there is no custody {request.Verb}: use the trafficflow of the node's own version");
        }
    }
}

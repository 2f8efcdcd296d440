using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Segments;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>
/// Recordings on the control socket of the node that holds them: `POST /vault` with a <see cref="VaultRequest"/>, answered with a <see cref="VaultAnswer"/>; `POST /vault/segment` gives the
/// pictures of one (fragmented MP4), decrypted as they are sent. Whoever can open the socket may do all, and stands in the audit by the account that the kernel tells.
/// </summary>
internal sealed class VaultRoutes(NodeVault vault) : IControlRoutes
{
    /// <summary>Of pictures that go to a file: its entry in the ledger of copies, and by when it is destroyed.</summary>
    public const string CopyHeader = "Trafficflow-Copy";

    private const int BlockBytes = 64 * 1024;

    public async Task<bool> AnswerAsync(HttpContext context, string account)
    {
        var by = Principal.Of(account, null);
        switch (context.Request)
        {
            case { Method: "POST", Path.Value: "/vault" }:
                await WriteAsync(context, await AnswerAsync(context, by));
                return true;
            case { Method: "POST", Path.Value: "/vault/segment" }:
                await SendAsync(context, by);
                return true;
            default:
                return false;
        }
    }

    private async Task<VaultAnswer> AnswerAsync(HttpContext context, Principal by)
    {
        if (await ReadAsync(context) is not { } request) return VaultAnswer.Refused("the request is none: use the trafficflow of the node's own version");
        return vault.Desk is { } desk ? await desk.AnswerAsync(request, by) : VaultAnswer.Failed(vault.Problem ?? "the vault is not there yet: the node is starting");
    }

    private static async Task<VaultRequest?> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = VaultRequest.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(body.GetBuffer());
        return request;
    }

    private async Task SendAsync(HttpContext context, Principal by)
    {
        Stream pictures;
        try
        {
            pictures = vault.Desk is { } desk
                ? await desk.OpenAsync(await ReadAsync(context) ?? throw new FormatException("the request is none: use the trafficflow of the node's own version"), by, copy => context.Response.Headers[CopyHeader] = ToldOf(copy))
                : throw new SegmentStoreException(vault.Problem ?? "the vault is not there yet: the node is starting");
        }
        catch (Exception e) when (e is SegmentStoreException or VaultKeyException or VaultFileException or TrafficFlow.Vault.Registers.RegisterException or FormatException)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await WriteAsync(context, VaultAnswer.Refused(e.Message));
            return;
        }

        await using (pictures)
        {
            context.Response.ContentType = "video/mp4";
            context.Response.ContentLength = pictures.Length;
            var block = new byte[BlockBytes];
            int count;
            // A part that is damaged ends the answer before its announced length, which its reader sees.
            while ((count = pictures.Read(block)) > 0) await context.Response.Body.WriteAsync(block.AsMemory(0, count), context.RequestAborted);
        }
    }

    public static string ToldOf(TrafficFlow.Vault.Erasure.CopyEntry copy) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{copy.Id}, {copy.Until.UtcDateTime:yyyy-MM-dd HH:mm}Z");

    private static async Task WriteAsync(HttpContext context, VaultAnswer answer)
    {
        var body = answer.Write();
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}

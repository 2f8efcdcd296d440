namespace TrafficFlow.Web.Pages.Cameras;

public static partial class CameraReasons
{
    /// <summary>Sentences that nodes give as they are.</summary>
    private static readonly Dictionary<string, string> s_whole = new(StringComparer.Ordinal)
    {
        ["the source is open, but has sent no picture yet"] = "接続しましたが、まだ映像が届いていません。",
        ["the source ended"] = "映像が終わりました。開き直します。",
    };

    /// <summary>How reasons of an outbox begin; what follows is the database's, in English.</summary>
    private static readonly (string Begin, string Text)[] s_outbox =
    [
        ("the journal could not be written:", "ジャーナルに書き込めません。ディスクの空きと状態を確認してください"),
        ("the journal refused an entry:", "ジャーナルが記録を受け付けません。ディスクの空きと状態を確認してください"),
        ("the journal could not be read:", "ジャーナルを読み取れません。ディスクの状態を確認してください"),
    ];

    /// <summary>By the word that a reader of pictures gives for its failure: what it is, and what helps in most cases.</summary>
    private static readonly Dictionary<string, (string Word, string Remedy)> s_failures = new(StringComparer.Ordinal)
    {
        ["not found"] = ("見つかりません", "パスを確認してください。"),
        ["no such file"] = ("ファイルがありません", "パスを確認してください。"),
        ["not a video"] = ("動画ではありません", "ファイルの内容を確認してください。"),
        ["no picture in it"] = ("映像がありません", "ほかのプログラムで再生できるか確認してください。"),
        ["the file is empty"] = ("ファイルが空です", "まだ記録されていないか、コピーに失敗しています。元のファイルと比べてください。"),
        ["ends too early"] = ("途中で終わっています", "元のファイルのほうが長ければコピーし直してください。"),
        ["still being written"] = ("まだ記録中です", "記録が終わってから数え直してください。"),
        ["refused"] = ("接続を拒否されました", "ホスト、ポート、カメラの電源を確認してください。"),
        ["wrong user or password"] = ("ユーザー名またはパスワードが違います", "映像のアドレスのユーザー名とパスワードを直してください。"),
        ["not supported"] = ("対応していません", "カメラの配信方式と映像のアドレスを確認してください。"),
        ["silent"] = ("応答がありません", "ケーブル、電源、アドレスを確認してください。"),
        ["frozen picture"] = ("映像が静止しています", "カメラが停止しています。開き直します。"),
        ["frozen"] = ("映像が静止しています", "カメラが停止しています。開き直します。"),
        ["broke off"] = ("途切れました", "開き直します。"),
        ["cannot be closed"] = ("閉じられません", "ノードのログを確認してください。"),
    };

    /// <summary>Where the remedy is not that of most: how it begins in English.</summary>
    private static readonly (string Begin, string Text)[] s_remedies =
    [
        ("a playlist (HLS", "再生リスト、画像、またはカメラが記録しない形式です。録画そのもの（MP4、MOV、Matroska、AVI、MPEG-TS）か、カメラのRTSPアドレス、HTTPのMotion JPEG・MPEG-TS・MP4を指定してください。"),
        ("its pictures are larger than", "画像が8192x4320より大きく、カメラの映像ではありません。小さく記録するか、除外してください。"),
        ("it asks for more memory", "必要以上のメモリーを要求しています。破損しているか不正なファイルです。除外してください。"),
        ("the camera redirects to another address", "カメラが別のアドレスへ転送したか、接続が切れました。転送には従いません。ブラウザーで開き、行き先がカメラであればそのアドレスを指定してください。"),
        ("this user may not watch", "このユーザーには閲覧権限がありません。カメラで閲覧権限を与えてください。"),
        ("the camera answers but has no such stream", "カメラは応答しますが、その映像がありません。アドレスのパスを確認してください。"),
        ("the network does not lead there", "ネットワークが届いていません。ケーブル、アドレス、経路を確認してください。"),
        ("the host name is unknown", "ホスト名が分かりません。確認するか、数字のアドレスを指定してください。"),
        ("the camera offers encrypted RTP", "カメラが暗号化RTP（SRTP）のみを提供し、ffmpegは対応していません。https://HOST/axis-cgi/media.cgi か、VPN内のrtsp://を使ってください。"),
        ("the camera does not offer RTP over TCP", "カメラがRTP over TCPを提供していません。カメラで許可してください。"),
        ("the address cannot be read", "アドレスを解釈できません。ユーザー名とパスワードの / ? # @ : は %2F %3F %23 %40 %3A と書いてください。"),
        ("ffmpeg was built without this protocol", "ffmpegがこのプロトコルに対応していません。Debianのffmpegを導入してください。"),
        ("its index is missing", "索引がなく、記録が閉じられていません。記録中であれば終了を待ち、元のファイルのほうが長ければコピーし直してください。記録装置が中断した場合は、その装置で修復してください。"),
        ("ffmpeg does not know the format", "ffmpegが形式を判別できません。変換するか、動画であるか確認してください。"),
        ("there is no video stream in it", "映像が含まれていません。"),
        ("this process may not read it", "読み取り権限がありません。所有者と権限を確認してください。"),
        ("the stream ended", "配信が終わりました。開き直します。"),
    ];
}

using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Release;

namespace TrafficFlow.Core.Notices;

/// <summary>交通流計測カメラの設置・運用要領, from the facts of one installation.</summary>
internal static class JapaneseGuideline
{
    public const string Title = "交通流計測カメラの設置・運用要領";

    public static string Edition(NoticeEdition? edition) => edition is { } e ? string.Create(CultureInfo.InvariantCulture, $"第{e.Number}版　{JapaneseWords.Day(e.Day)}公表") : "案（未公表）";

    public static GuidelineDocument Write(NoticeFacts facts)
    {
        var clauses = Clauses(facts).Select((c, i) => new NoticeClause(string.Create(CultureInfo.InvariantCulture, $"第{i + 1}条"), c.Heading, c.Blocks));
        return new GuidelineDocument(NoticeLanguages.Japanese, Title, facts.Site.Name, Edition(facts.Edition), "ページ", [.. clauses, Supplement(facts)]);
    }

    private static IEnumerable<(string Heading, NoticeBlock[] Blocks)> Clauses(NoticeFacts facts)
    {
        var (custody, site) = (facts.Custody, facts.Site);
        yield return ("目的",
        [
            Text($"この要領は、{custody.Operator.Name.Japanese}（以下「設置者」という。）が{site.Name}に設置する交通流計測カメラについて、個人のプライバシーを保護しつつ適正に設置し、及び運用するために必要な事項を定める。"),
            Text("交通流計測カメラの利用目的は、次のとおりとし、これ以外の目的に利用しない。"),
            new NoticeList([.. custody.Purposes.Select(p => p.Japanese)]),
        ]);
        yield return ("適用範囲",
        [
            Text($"この要領は、{site.Name}に設置する{site.Cameras.Count}台の交通流計測カメラ並びにこれにより取得する画像及び計測値に適用する。"),
            Text(custody.Experiment is { } period ? $"計測の期間は、{JapaneseWords.Period(period)}とする。" : "計測の期間は、定めない。計測を終えるときは、第16条により消去する。"),
            Text("この要領は、個人情報の保護に関する法律その他の関係法令及びカメラ画像利活用ガイドブック（経済産業省・総務省・IoT推進コンソーシアム）の趣旨に沿って運用する。"),
        ]);
        yield return ("定義",
        [
            new NoticeList(
            [
                "交通流計測カメラ　道路を通行する車両の流れを計測するために固定して設置したカメラ及びその画像を処理する装置をいう。",
                "匿名化画像　個人及び車両を識別できないよう低い解像度とし、かつ、計測に必要のない範囲を黒く塗りつぶした画像をいう。",
                "計測値　匿名化画像から求めた交通量、速度、滞留長等の数値をいう。",
                "記録画像　匿名化画像のうち、計測の評価のために暗号化して保存したものをいう。",
            ]),
        ]);
        yield return ("管理責任者及び操作担当者", [.. Persons(facts)]);
        yield return ("カメラの設置場所及び撮影範囲", [.. Cameras(facts)]);
        yield return ("計測する事項",
        [
            Text("計測する事項は、流入方向別、進行方向別及び車種別（乗用車、小型貨物車、大型貨物車、バス、二輪車）の交通量、速度、車頭時間、占有率、滞留長並びに交差点内の通行時間とする。"),
            Text("次に掲げることは、行わない。"),
            new NoticeList(["自動車登録番号標等（ナンバープレート）の読取り及び照合", "顔認識その他の個人の識別", "歩行者及び自転車の計測", "日をまたぐ車両の追跡及び他の地点の車両との照合", "音声の取得"]),
        ]);
        yield return ("匿名化", [.. Anonymization(facts)]);
        yield return ("保存及び暗号化", [.. Storage(facts)]);
        yield return ("保存期間",
        [
            Text("画像及び計測値の保存期間は、次の表のとおりとし、期間を経過したものは、消去する。記録画像は、復号鍵を破棄した上で消去する。"),
            new NoticeTable(["種類", "保存期間"], [.. Enum.GetValues<KeptKind>().Select(k => (IReadOnlyList<string>)[JapaneseWords.Kind(k), JapaneseWords.Keep(custody.Retention.Of(k))])]),
            Text("法令に基づく手続その他の正当な理由により消去を止めるときは、理由及び期限を記録する。"),
        ]);
        yield return ("データの搬送及び遠隔利用",
        [
            Text(custody.HandCarryWeeks is { } weeks
                ? $"記録画像を搬送するときは、おおむね{weeks}週間ごとに、操作担当者が暗号化した媒体により行う。設置場所のデータは、搬送先での照合を終えた後に限り、消去する。"
                : "記録画像を媒体により搬送しない。"),
            Text("設置場所の記録画像を遠隔で閲覧するときは、暗号化した通信により、権限を有する者に限り行い、閲覧の都度記録する。閲覧した画像は、閲覧先に保存しない。"),
            Text(JapaneseWords.TwoPersons(custody.TwoPersons)),
        ]);
        yield return ("点検", [.. Inspections(custody)]);
        yield return ("目的外利用の禁止及び守秘義務",
        [
            Text("設置者は、第1条の目的以外の目的のために画像及び計測値を利用しない。"),
            Text("管理責任者及び操作担当者は、画像から知り得た事項を漏らしてはならない。その職を退いた後も、同様とする。"),
        ]);
        yield return ("外部への提供",
        [
            Text("設置者は、画像を外部に提供しない。ただし、法令に基づく場合は、この限りでない。この場合においては、提供の日時、相手方、理由及び範囲を記録する。"),
            Text(string.Create(CultureInfo.InvariantCulture, $"外部に提供し、又は公表する計測値は、集計した値に限る。台数が{new ReleaseRules().ClassThreshold}台未満となる車種別等の内訳は秘匿し、秘匿した値を他の値から求められないようにする。")),
        ]);
        yield return ("開示等の請求及び苦情",
        [
            Text("設置者は、開示、訂正、利用停止、消去及び利用目的の通知の請求並びに苦情を、次の窓口で受け付ける。"),
            new NoticeList([JapaneseWords.Operator(custody.Operator), .. JapaneseWords.Contact(custody.Operator)]),
            Text(custody.Requests.Procedure?.Japanese ?? "請求は、撮影された日時及び場所を示して行う。設置者は、画像及び計測値から個人を識別しないため、請求者であることの確認に必要な範囲を超える情報を求めない。"),
            Text(string.Create(CultureInfo.InvariantCulture, $"設置者は、請求又は苦情を受け付けた日の翌日から起算して{JapaneseWords.AnswerWithin(custody.Requests)}に回答する。請求の全部又は一部を認めないときは、その理由及び不服の申出の方法を示す。消去の請求を認めたときは、該当する時間の記録画像を消去し、その記録を交付する。")),
        ]);
        yield return ("漏えい等への対応",
        [
            Text("画像又は計測値の漏えい、滅失若しくは毀損又はそのおそれを知ったときは、管理責任者は、直ちに利用を停止して原因を調べ、法令に従い報告及び本人への通知又は公表を行い、再発を防ぐ措置を講ずる。"),
        ]);
        yield return ("終了時の消去",
        [
            Text($"{(custody.Experiment is { } end ? $"計測の期間の最終日（{JapaneseWords.Day(end.Until)}）を経過したときは、" : "計測を終えたときは、")}設置者は、設置場所、サーバー、媒体及び複製の全ての記録画像を消去し、復号できないことを確かめ、署名した消去の記録を作成する。計測値は、第9条の期間に限り保存する。"),
            Text("カメラ及び表示は、速やかに撤去する。"),
        ]);
        yield return ("改定及び公表",
        [
            Text("設置者は、この要領を公表し、設置場所に見やすい表示を掲げる。"),
            Text("カメラ、撮影範囲、解像度、保存期間、管理責任者その他この要領に定める事項を変更するときは、変更の前に新しい版を公表する。公表した版は、日付とともに保存する。"),
        ]);
    }

    private static IEnumerable<NoticeBlock> Persons(NoticeFacts facts)
    {
        yield return Text("設置者は、画像及び計測値の適正な取扱いを確保するため、管理責任者を置く。管理責任者は、操作担当者を指名し、その者以外の者に装置を操作させ、又は画像を閲覧させない。");
        if (facts.Persons.Count > 0)
        {
            yield return new NoticeTable(["職", "氏名", "任命日"],
            [
                .. facts.Persons.Select(p => (IReadOnlyList<string>)[p.Duty == Duty.Custodian ? "管理責任者" : "操作担当者", p.Name, p.Since is { } day ? JapaneseWords.Day(day) : "–"]),
            ]);
        }
        else
        {
            yield return Text("管理責任者及び操作担当者の氏名は、第14条の窓口で確認できる。");
        }

        yield return Text("管理責任者及び操作担当者は、任命により権限を得て、解任により直ちに権限を失う。装置の操作及び画像の閲覧は、全て、改ざんを検知できる形で記録する。");
    }

    private static IEnumerable<NoticeBlock> Cameras(NoticeFacts facts)
    {
        yield return Text("カメラの設置場所及び撮影範囲は、次の表のとおりとする。撮影範囲は、計測に必要な道路とし、住居、敷地その他計測に必要のない範囲が写るときは、画像を処理する前に黒く塗りつぶす。");
        yield return new NoticeTable(
            ["カメラ", "設置場所及び撮影範囲", "処理する画像", "塗りつぶす範囲"],
            [.. facts.Site.Cameras.Select(c => CameraFigures.Of(facts, c)).Select(f => (IReadOnlyList<string>)
            [
                f.Camera.Id.Value, Place(facts, f),
                string.Create(CultureInfo.InvariantCulture, $"{f.Camera.Frame.Width}×{f.Camera.Frame.Height}画素、毎秒{f.Camera.Frame.FramesPerSecond:0.##}枚"),
                string.Create(CultureInfo.InvariantCulture, $"画面の{100 * f.MaskedShare:0}\u00a0%"),
            ])]);
    }

    private static string Place(NoticeFacts facts, CameraFigures f)
    {
        var told = new List<string>();
        if (facts.Custody.CameraPlaces.GetValueOrDefault(f.Camera.Id.Value) is { } place) told.Add(place.Japanese);
        if (f.HeightMetres is { } height) told.Add(string.Create(CultureInfo.InvariantCulture, $"路面上 約{height:0.0}\u00a0m{(f.Compass is { } octant ? $"、{JapaneseWords.Compass(octant)}向き" : "")}"));
        if (f.Approaches.Count > 0) told.Add($"計測対象：{string.Join("、", f.Approaches)}");
        return told.Count > 0 ? string.Join("。", told.Select(t => t.TrimEnd('。'))) : facts.Site.Name;
    }

    private static IEnumerable<NoticeBlock> Anonymization(NoticeFacts facts)
    {
        yield return Text("装置は、カメラの画像を第5条の表の解像度まで縮小し、塗りつぶす範囲を黒くした後に限り、計測に用いる。縮小前の画像は、装置に保存せず、画面に表示せず、外部へ送らない。");
        var unknown = facts.Heights.Where(h => h.WhyUnknown is not null).ToList();
        if (unknown.Count < facts.Heights.Count)
        {
            yield return Text("塗りつぶさない範囲において、ナンバープレートの数字及び人の顔が画面上で取り得る最大の高さは、次の表のとおりである。いずれも測量に基づく上限であり、大型車の番号標（数字の高さ120\u00a0mm）及び高さ230\u00a0mmの顔が最もカメラに近づき、かつ、正対した場合の値である。");
            yield return new NoticeTable(["カメラ", "ナンバープレートの数字（画素）", "顔（画素）"],
                [.. facts.Heights.Select(h => (IReadOnlyList<string>)[h.Camera.Value, CameraFigures.Pixels(h.Plate), CameraFigures.Pixels(h.Face)])]);
        }

        if (unknown.Count > 0) yield return Text($"カメラ {string.Join("、", unknown.Select(h => h.Camera))} は測量前のため、この値を示すことができない。測量後に改めて公表する。");
        if (facts.Custody.PictureLimits is { } limits)
        {
            var told = new[]
            {
                limits.PlateCharacterPixels is { } plate ? string.Create(CultureInfo.InvariantCulture, $"ナンバープレートの数字は{plate:0.#}画素") : null,
                limits.FacePixels is { } face ? string.Create(CultureInfo.InvariantCulture, $"顔は{face:0.#}画素") : null,
            };
            yield return Text($"この高さは、{string.Join("、", told.Where(t => t is not null))}を上限とし、{(limits.Above == Requirement.Refuse ? "上限を超えるときは、装置は起動しない。" : "上限を超えるときは、装置が警告し、設置者は是正する。")}");
        }

        yield return Text("画面に表示し、又は記録する画像においては、人及び近くの車両を更に粗くする。");
    }

    private static IEnumerable<NoticeBlock> Storage(NoticeFacts facts)
    {
        var custody = facts.Custody;
        yield return Text("匿名化画像は、計測に用いた後直ちに破棄する。計測の評価のために記録する場合は、記録と同時に暗号化し、暗号化しないまま記憶装置に書き込まない。");
        if (custody.Recording.Count > 0)
        {
            yield return Text("記録する画像は、次の表のとおりとする。表にないカメラの画像は、記録しない。");
            yield return new NoticeTable(["カメラ", "記録する時間及び理由"], [.. custody.Recording.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => (IReadOnlyList<string>)[r.Key, JapaneseWords.Recording(r.Value, facts.Site.TimeZone)])]);
        }
        else
        {
            yield return Text("この要領の公表の時において、画像を記録しているカメラはない。");
        }

        yield return Text("記録画像の復号鍵は、区間ごとに異なるものを用い、管理責任者が管理する。");
        yield return Text(custody.EncryptedDisk switch
        {
            Requirement.Refuse => "装置の記憶装置は、全体を暗号化する。暗号化されていないときは、装置は起動しない。",
            Requirement.Warn => "装置の記憶装置は、全体を暗号化する。暗号化されていないときは、装置が警告し、設置者は是正する。",
            _ => "装置の記憶装置全体の暗号化は、要件としない。記録画像は、この条に定めるところにより暗号化する。",
        });
        var networks = custody.Networks.Select(n => $"{n.Name}（{(n.Kind == NetworkKind.Vpn ? "VPN" : "独立した回線")}。{JapaneseWords.Day(n.SaidOn)}、{n.SaidBy}が確認）").ToList();
        yield return Text(custody.EncryptedLink == Requirement.Off
            ? "カメラから装置までの通信の暗号化は、要件としない。"
            : $"カメラから装置までの通信は、暗号化{(networks.Count > 0 ? "し、又は次の回線により行う。" : "する。")}{(custody.EncryptedLink == Requirement.Refuse ? "これによらないときは、装置は起動しない。" : "")}");
        if (custody.EncryptedLink != Requirement.Off && networks.Count > 0) yield return new NoticeList(networks);
        yield return Text("装置とサーバーとの間の通信は、相互に認証し、暗号化する。画像は、この通信により自動的に送らない。");
    }

    private static IEnumerable<NoticeBlock> Inspections(CustodyPolicy custody)
    {
        var visits = custody.HandCarryWeeks is { } weeks ? string.Create(CultureInfo.InvariantCulture, $"設置場所の点検は、おおむね{weeks}週間ごとに行い、レンズ、筐体、表示、固定ワイヤー及び錠、記憶装置、匿名化の設定、時計並びに塗りつぶす範囲を確かめる。") : "設置場所の点検は、必要に応じて行い、レンズ、筐体、表示、固定ワイヤー及び錠、記憶装置、匿名化の設定、時計並びに塗りつぶす範囲を確かめる。";
        yield return Text(visits);
        if (custody.InspectsEachWorkday) yield return Text("遠隔利用の状況は、休日を除く毎日点検する。");
        yield return Text("点検の結果は、日時、点検者、所見及び措置とともに記録する。");
    }

    private static NoticeClause Supplement(NoticeFacts facts) => new("附則", "", [Text(facts.Edition is { } e
        ? string.Create(CultureInfo.InvariantCulture, $"この要領（第{e.Number}版）は、{JapaneseWords.Day(e.Day)}から施行する。")
        : "この要領は、公表の日から施行する。")]);

    private static NoticeParagraph Text(string text) => new(text);
}

import { databaseSaid, withoutValues } from '../../../src/domain/privacy/values';

/** As PostgreSQL 15 translates them (src/backend/po): labels, and messages with a value or a name in them. */
const LANGUAGES: Record<
  string,
  { labels: [string, string, string, string]; valued: string[]; unique: string }
> = {
  German: {
    labels: ['FEHLER', 'DETAIL', 'ZUSAMMENHANG', 'ANWEISUNG'],
    unique: 'doppelter Schlüsselwert verletzt Unique-Constraint »customers_email_key«',
    valued: [
      'Schlüssel »(email)=(ann@example.org)« existiert bereits.',
      'Fehlgeschlagene Zeile enthält (4711, ann, O(H)ara).',
      'ungültige Eingabesyntax für Typ integer: »ann«b«',
      'Schlüssel (customer)=(4711) ist nicht in Tabelle »customers« vorhanden.',
      'COPY customers, Zeile 1, Spalte email: »ann«',
      'Wert »4711« ist außerhalb des gültigen Bereichs für Typ integer',
      'SQL-Anweisung »INSERT INTO customers VALUES (4711)«',
    ],
  },
  French: {
    labels: ['ERREUR', 'DÉTAIL', 'CONTEXTE', 'INSTRUCTION '],
    unique: 'la valeur d’une clé dupliquée rompt la contrainte unique « customers_email_key »',
    valued: [
      'La clé « (email)=(ann@example.org) » existe déjà.',
      'La ligne en échec contient (4711, ann).',
      'syntaxe en entrée invalide pour le type integer : « ann »',
      'COPY customers, ligne 1, colonne email : « ann »',
    ],
  },
  Spanish: {
    labels: ['ERROR', 'DETALLE', 'CONTEXTO', 'SENTENCIA'],
    unique: 'llave duplicada viola restricción de unicidad «customers_email_key»',
    valued: [
      'Ya existe la llave (email)=(ann).',
      'La fila que falla contiene (4711, ann).',
      'la sintaxis de entrada no es válida para tipo integer: «ann»',
    ],
  },
  Russian: {
    labels: ['ОШИБКА', 'ПОДРОБНОСТИ', 'КОНТЕКСТ', 'ОПЕРАТОР'],
    unique: 'повторяющееся значение ключа нарушает ограничение уникальности "customers_email_key"',
    valued: [
      'Ключ "(email)=(ann)" уже существует.',
      'Ошибочная строка содержит (4711, ann).',
      'неверный синтаксис для типа integer: "ann"',
    ],
  },
  Japanese: {
    labels: ['ERROR', '詳細', '文脈', '文'],
    unique: '重複したキー値は一意性制約"customers_email_key"違反となります',
    valued: [
      'キー (email)=(ann) はすでに存在します。',
      '失敗した行は(4711, ann)を含みます',
      '"integer"型の入力構文が不正です: "ann"',
    ],
  },
  Chinese: {
    labels: ['错误', '详细信息', '上下文', '语句'],
    unique: '重复键违反唯一约束"customers_email_key"',
    valued: [
      '键值"(email)=(ann)" 已经存在',
      '失败, 行包含(4711, ann).',
      '无效的类型 integer 输入语法: "ann"',
    ],
  },
};
const VALUE = /\bann\b|4711|\)ara/;

describe.each(Object.entries(LANGUAGES))('a server that speaks %s', (_, { labels, valued, unique }) => {
  const [error, detail, context, statement] = labels;

  it.each(valued)('lets no value through: %s', (message) => {
    expect(databaseSaid({ code: '22P02', message })).not.toMatch(VALUE);
    const logged = [
      `${error}:  ${message}`,
      `${detail}:  ${message}`,
      `${context}:  ${message}`,
      `${statement}:  INSERT INTO customers VALUES (4711, 'ann')`,
    ];
    expect(withoutValues(logged.join('\n'))).not.toMatch(VALUE);
  });

  it('has the name of a constraint where the driver gives it', () => {
    const said = databaseSaid({ code: '23505', message: unique, constraint: 'customers_email_key' });
    expect(said).toMatch(/^23505: .*customers_email_key/);
  });
});
